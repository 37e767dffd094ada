"""One document by HTTP, bounded in size and in time."""

import re
import time
import urllib.error
import urllib.request
from http.client import HTTPException

from msgspec import Struct

from tollway.directly import USER_AGENT, opener

SECONDS = 5.0
"""For all of it."""
_PIECE = 64 * 1024
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=\"?(\d{1,9})", re.IGNORECASE)


class Fetched(Struct, frozen=True, kw_only=True):
    """A document."""

    body: bytes
    max_age: int | None = None
    """Seconds for which it stays true, as its server says (RFC 9111, section 5.2.2.1)."""


def fetch(url: str, largest: int, seconds: float = SECONDS) -> Fetched | str:
    """The document at a URL; a text: why there is none. Blocks, so not on an event loop; never raises.

    Of a document that is larger than `largest` bytes, one byte more than that is read.
    """
    end = time.monotonic() + seconds
    try:
        request = urllib.request.Request(
            url, headers={"user-agent": USER_AGENT, "accept": "application/json"}
        )
        with opener().open(request, timeout=seconds) as answer:
            said = _MAX_AGE.search(answer.headers.get("cache-control", ""))
            body = bytearray()
            while len(body) <= largest and (piece := answer.read1(min(_PIECE, largest + 1 - len(body)))):
                body += piece
                if time.monotonic() > end:
                    return f"it took longer than {seconds:g} s"
        return Fetched(body=bytes(body), max_age=int(said[1]) if said else None)
    except urllib.error.HTTPError as error:
        with error:
            return f"it answered with status {error.code}"
    except urllib.error.URLError as error:
        return f"it can't be reached: {error.reason}"
    except TimeoutError:
        return f"it took longer than {seconds:g} s"
    except (OSError, ValueError, HTTPException) as error:  # HTTPException: an answer that is no HTTP
        return f"it can't be read: {type(error).__name__}"
