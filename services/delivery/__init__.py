"""Delivery: push. A WebSub hub for whoever subscribes, and signed webhooks (Standard Webhooks) for those in the wire file and
for subscribers who add their own.

Knows: subscribers, receivers, signatures, what was acknowledged. Does not know: formats, what is in a feed.
Writes: `intents`, `subscriptions`, `pushes`, `receivers`; `deliveries`, which are kept for good: whoever had a version must hear
of its correction and its kill.
"""
