"""Addresses as URLs."""


def url(host: str, port: int) -> str:
    """Of a server that speaks HTTP, with [brackets] around an address of IPv6."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
