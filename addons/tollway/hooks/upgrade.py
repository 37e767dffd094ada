"""What a request asks its connection to be changed to: at a provider's host a WebSocket, or nothing.

Behind any other change (to HTTP/2 in the clear, say) calls would be frames that nobody reads. A server may
always go on as if it had not been asked (RFC 9110, section 7.8).
"""

from collections.abc import Mapping

from mitmproxy.http import Headers, Request

WEBSOCKET = "websocket"
GOES_WITH_IT = ("upgrade", "http2-settings")


def is_upgrade(sent: Headers, headers: Mapping[str, str]) -> bool:
    """Whether a request may ask for a WebSocket (RFC 6455, section 4.1), among others or in several fields:
    servers differ in what they take for such a one. `headers`: those sent, by lower-case name."""
    return "upgrade" in headers and WEBSOCKET in sent.get("upgrade", "").lower()


def ask_for_nothing_else(request: Request, upgrade: bool) -> None:
    """Leave of what a request asks for a WebSocket, if `upgrade` says that it does."""
    headers = request.headers
    if upgrade:
        if headers["upgrade"].strip().lower() != WEBSOCKET:
            headers["upgrade"] = WEBSOCKET
        headers.pop("http2-settings", None)
        return
    for name in GOES_WITH_IT:
        headers.pop(name, None)
    options = [option.strip() for option in headers.pop("connection", "").split(",")]
    if kept := [option for option in options if option and option.lower() not in GOES_WITH_IT]:
        headers["connection"] = ", ".join(kept)
