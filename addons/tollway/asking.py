"""Asks a Tollway, through it, who it takes the asker for."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException

import msgspec
from msgspec import Struct

from tollway.directly import USER_AGENT, opener
from tollway.environment.upstream import Upstream, why_not
from tollway.errors import TollwayError
from tollway.identity.whoami import Whoami

URL = "http://tollway.internal/whoami"
TUNNELLED = "https://tollway.internal/whoami"
"""Where a key is shown that goes to providers in tunnels, too."""
SECONDS = 30.0
"""To connect, and between two pieces of the answer: a proxy may have to fetch an issuer's keys first."""
LARGEST = 1 << 20
REFUSALS = {
    401: "refuses these credentials",
    407: "refuses these credentials",
    503: "can't say at the moment",
}
"""By status."""
_SHOWN, _SECRET = 400, 8
"""Characters of a proxy's own words, and of what may be a secret in them: `jwt` is none."""


class _Error(Struct, frozen=True):
    """An error as Tollway words it."""

    message: str


class _Refusal(Struct, frozen=True):
    error: _Error


def ask(proxy: Upstream, trust: ssl.SSLContext, key: str | None = None) -> Whoami:
    """What the proxy says of who shows it the credentials of its URL, and a `key` of Tollway's. It blocks.

    TollwayError: there is no answer; it says why, and quotes no credentials.
    """
    headers = {"user-agent": USER_AGENT, "accept": "application/json"}
    request = urllib.request.Request(URL if key is None else TUNNELLED, headers=headers)
    if key is not None:
        request.add_unredirected_header("x-api-key", key)
    if (credentials := proxy.credentials) is not None:
        request.add_unredirected_header("Proxy-Authorization", credentials)
    request.set_proxy(proxy.place, proxy.scheme)
    try:
        with opener(trust).open(request, timeout=SECONDS) as answer:
            return msgspec.json.decode(answer.read(LARGEST), type=Whoami)
    except urllib.error.HTTPError as error:
        with error:
            raise TollwayError(_refused(proxy, error)) from None
    except urllib.error.URLError as error:
        reason = why_not(error.reason) if isinstance(error.reason, OSError) else error.reason
        raise TollwayError(f"{proxy.place} can't be reached: {reason}") from None
    except TimeoutError:
        raise TollwayError(f"{proxy.place} did not answer within {SECONDS:g} s") from None
    except (OSError, HTTPException, msgspec.MsgspecError):
        raise TollwayError(_no_tollway(proxy, "its answer is none of Tollway's")) from None


def _refused(proxy: Upstream, error: urllib.error.HTTPError) -> str:
    if error.code not in REFUSALS:
        return _no_tollway(proxy, f"it answered with status {error.code}")
    said = _shown(_words(error), (proxy.user, proxy.password, (proxy.credentials or "").partition(" ")[2]))
    return f"{proxy.place} {REFUSALS[error.code]} ({error.code}){': ' if said else ''}{said}"


def _words(error: urllib.error.HTTPError) -> str:
    """What a proxy says for people; "" if that is a page."""
    body = error.read(LARGEST)
    try:
        return msgspec.json.decode(body, type=_Refusal).error.message
    except msgspec.MsgspecError:
        return body.decode(errors="replace") if error.headers.get_content_type() == "text/plain" else ""


def _no_tollway(proxy: Upstream, why: str) -> str:
    return f"{proxy.place} is no Tollway, or one of an older version: {why}"


def _shown(text: str, secrets: Iterable[str | None]) -> str:
    """A proxy's words, in a line, without what was shown to it: some repeat that."""
    for secret in secrets:
        if secret is not None and len(secret) >= _SECRET:
            text = text.replace(secret, "...")
    return "".join(filter(str.isprintable, " ".join(text.split())))[:_SHOWN]
