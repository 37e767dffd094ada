"""HTTP of Tollway's own: directly, never by way of a proxy, since that may be Tollway itself."""

import ssl
import urllib.request
from email.message import Message
from typing import IO

from tollway.ca.roots import system_roots

USER_AGENT = "tollway"


class _Here(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: what an address knows, and who it is trusted for, ends with its host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """None: it ends as the status that it came with."""


def opener(trust: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
    """Opens http and https URLs alone (urllib's own opens files, too), checking certificates by the system's
    roots, unless others are to be trusted; it blocks, so not on an event loop."""
    if trust is None:
        trust = ssl.create_default_context(cafile=str(system_roots()))
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=trust),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Here(),
    ):
        director.add_handler(handler)
    return director
