"""Asks a Tollway, through it, who it takes the asker for."""

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException

import msgspec
from msgspec import Struct

from tollway.directly import USER_AGENT, opener
from tollway.environment.upstream import Upstream, why_not
from tollway.errors import TollwayError
from tollway.identity.whoami import Untold, Whoami

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
_REASONS = {401: Untold.REFUSED, 407: Untold.REFUSED, 503: Untold.UNSURE}
_SHOWN, _SECRET = 400, 8
"""Characters of a proxy's own words, and of what may be a secret in them: `jwt` is none."""


class _Error(Struct, frozen=True):
    """An error as Tollway words it."""

    message: str


class _Refusal(Struct, frozen=True):
    error: _Error


class NoAnswer(TollwayError):
    """A proxy told nothing: `why` for programs, the text for people. It quotes no credentials."""

    def __init__(self, why: Untold, text: str) -> None:
        super().__init__(text)
        self.why = why


def ask(
    proxy: Upstream, trust: ssl.SSLContext, key: str | None = None, seconds: float | None = None
) -> Whoami:
    """What the proxy says of who shows it the credentials of its URL, and a `key` of Tollway's. It blocks.

    `seconds`: other than SECONDS. Raises NoAnswer.
    """
    seconds = SECONDS if seconds is None else seconds
    headers = {"user-agent": USER_AGENT, "accept": "application/json"}
    request = urllib.request.Request(URL if key is None else TUNNELLED, headers=headers)
    if key is not None:
        request.add_unredirected_header("x-api-key", key)
    if (credentials := proxy.credentials) is not None:
        request.add_unredirected_header("Proxy-Authorization", credentials)
    request.set_proxy(proxy.place, proxy.scheme)
    try:
        with opener(trust).open(request, timeout=seconds) as answer:
            return msgspec.json.decode(answer.read(LARGEST), type=Whoami)
    except urllib.error.HTTPError as error:
        with error:
            raise NoAnswer(_REASONS.get(error.code, Untold.FOREIGN), _refused(proxy, error)) from None
    except urllib.error.URLError as error:
        reason = why_not(error.reason) if isinstance(error.reason, OSError) else error.reason
        text = f"{proxy.place} can't be reached: {reason}"
        raise NoAnswer(Untold.UNREACHABLE, text) from None
    except TimeoutError:
        raise NoAnswer(Untold.LATE, f"{proxy.place} did not answer within {round(seconds, 2):g} s") from None
    except (OSError, HTTPException, msgspec.MsgspecError):
        text = _no_tollway(proxy, "its answer is none of Tollway's")
        raise NoAnswer(Untold.FOREIGN, text) from None


def _refused(proxy: Upstream, error: urllib.error.HTTPError) -> str:
    if error.code not in REFUSALS:
        return _no_tollway(proxy, f"it answered with status {error.code}")
    said = shown(_words(error), proxy)
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


def shown(text: str, proxy: Upstream, *others: str) -> str:
    """A proxy's words, or a program's about it, in a line, without what was shown to it: some repeat that.

    `others`: more that is not to be seen.
    """
    for secret in (proxy.user, proxy.password, (proxy.credentials or "").partition(" ")[2], *others):
        if secret is not None and len(secret) >= _SECRET:
            text = text.replace(secret, "...")
    return "".join(filter(str.isprintable, " ".join(text.split())))[:_SHOWN]
