"""Delivery: push. Tells the receivers that the wire's file names, by signed POST (Standard Webhooks).

Knows: receivers, signatures, what was acknowledged. Does not know: formats, feeds. Writes: `deliveries`, which are kept
for good: whoever had a version must hear of its correction and its kill.
"""
