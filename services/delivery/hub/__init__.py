"""The WebSub hub: who is subscribed to a feed, whether they meant it, and sending them its newest document."""
