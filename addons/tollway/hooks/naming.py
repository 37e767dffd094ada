"""What a request calls its host, made to be what it was recognised as: front ends of many hosts go by it."""

from mitmproxy.http import Request

HTTPS = 443


def authorities(request: Request) -> list[str]:
    """All that a request calls its host."""
    named: list[str] = request.headers.get_all("host")
    return [*named, request.authority] if request.authority else named


def name(request: Request, host: str) -> None:
    """Have a request call its host this, and nothing else."""
    named = authority(host, request.port)
    request.host_header = named
    if request.authority:  # of HTTP/1, too: in a tunnel the target of a request may be a whole URL
        request.authority = named


def authority(host: str, port: int) -> str:
    """A host and port as `Host` has them."""
    shown = f"[{host}]" if ":" in host else host
    return shown if port == HTTPS else f"{shown}:{port}"
