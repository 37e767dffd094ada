"""The one place where mitmproxy's own classes are subclassed; each file says why, and for which release."""
