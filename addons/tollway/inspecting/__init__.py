"""Calls in mitmproxy's own console and web interface: what is written beside each, and how it is shown."""
