"""The providers' WebSockets: the framing, what is said on them, and when it is said."""
