"""Recorded traffic, read from files and priced as the proxy would have priced it."""
