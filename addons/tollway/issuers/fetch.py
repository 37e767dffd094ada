"""One document by HTTP, bounded in size and in time."""

import re
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from tollway.directly import USER_AGENT
from tollway.hurried import connection, target

SECONDS = 5.0
"""For all of it, from the look-up of the name to the last byte."""
_PIECE = 64 * 1024
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.IGNORECASE)


class Fetched(Struct, frozen=True, kw_only=True):
    """A document."""

    body: bytes
    max_age: int | None = None
    """Seconds for which it stays true, as its server says (RFC 9111, section 5.2.2.1)."""


def fetch(
    url: str, largest: int, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> Fetched | str:
    """The document at a URL; a text: why there is none. Blocks, so not on an event loop; never raises.

    No proxy is asked, and a redirect is followed nowhere. Of a document that is larger than `largest` bytes,
    one byte more than that is read. `clock`: seconds that only go forward.
    """
    end = clock() + seconds
    try:
        parts = urlsplit(url)
        link = connection(parts.scheme, parts.hostname or "", parts.port, lambda: end - clock())
    except ValueError:
        return "its address is none of http or https"
    try:
        return _document(link, parts, largest)
    except TimeoutError:
        return f"it took longer than {seconds:g} s"
    except ssl.SSLCertVerificationError as error:
        return f"its certificate is not trusted: {error.verify_message}"
    except (ConnectionRefusedError, socket.gaierror) as error:
        return f"it can't be reached: {error.strerror}"
    except (OSError, ValueError, HTTPException) as error:  # HTTPException: an answer that is no HTTP
        return f"it can't be read: {type(error).__name__}"
    finally:
        link.close()


def _document(link: HTTPConnection, parts: SplitResult, largest: int) -> Fetched | str:
    headers = {"user-agent": USER_AGENT, "accept": "application/json", "connection": "close"}
    link.request("GET", target(parts), headers=headers)
    with link.getresponse() as answer:
        if answer.status != 200:
            return f"it answered with status {answer.status}"
        body = bytearray()
        while len(body) <= largest and (piece := answer.read1(min(_PIECE, largest + 1 - len(body)))):
            body += piece
        said = _MAX_AGE.search(answer.headers.get("cache-control", ""))
        return Fetched(body=bytes(body), max_age=int(said[1]) if said else None)
