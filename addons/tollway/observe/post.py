"""A JSON document, sent to a webhook: directly, never by way of a proxy, and so never by way of our own."""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import orjson
from msgspec import Struct

from tollway.alerts.signature import HEADER, signature
from tollway.clock import now
from tollway.directly import USER_AGENT
from tollway.errors import TollwayError
from tollway.hurried import connection, target
from tollway.policy.alerts import VARIABLE, wrong_url

SECONDS = 10.0
"""For all of it, however slowly it answers."""
LONGEST_WAIT_SECONDS = 60.0
"""More is not waited for, whatever the webhook asks for."""
SHORTEST_SECRET = 16
"""Characters; a shorter one could be guessed."""

Sign = Callable[[bytes], Mapping[str, str]]
"""The headers that sign a body as of now."""


def unsigned(body: bytes) -> Mapping[str, str]:
    """None do."""
    return {}


class AddressError(TollwayError):
    """A variable that a policy names has no address of a webhook, or no secret. Its text never has either."""

    status = 2  # as of a wrong policy


class Answer(Struct, frozen=True, kw_only=True):
    """What came of one attempt."""

    status: int | None
    """None: nothing answered."""
    wait_seconds: float | None = None
    """How long it asks to be left alone."""

    @property
    def arrived(self) -> bool:
        """Whether the document was taken."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def may_help_again(self) -> bool:
        """Whether another attempt may end better."""
        return self.status is None or self.status == 429 or self.status >= 500


def address(said: str, environment: Mapping[str, str]) -> str:
    """A webhook's URL, of one as it stands in a policy or of `env:VARIABLE`. Raises AddressError."""
    if not said.startswith(VARIABLE):
        return said
    name = said.removeprefix(VARIABLE)
    url = environment.get(name, "").strip()
    if not url:
        raise AddressError(
            f"alerts.webhook: the environment variable {name} has no URL: set it, or remove the webhook"
        )
    if (wrong := wrong_url(url)) is not None:
        raise AddressError(f"alerts.webhook: what the environment variable {name} has is no URL: {wrong}")
    return url


def signing(said: str, environment: Mapping[str, str], now: Callable[[], float] = now) -> Sign:
    """What signs for a webhook, with the secret of `env:VARIABLE`. Raises AddressError.

    `now`: seconds since the epoch.
    """
    name = said.removeprefix(VARIABLE)
    secret = environment.get(name, "").strip().encode("utf-8", "surrogateescape")
    if len(secret) < SHORTEST_SECRET:
        has = "is too short" if secret else "is not there"
        raise AddressError(
            f"alerts.secret: what the environment variable {name} is to hold {has}: set it to "
            f"{SHORTEST_SECRET} characters or more (openssl rand -hex 32), or remove the secret"
        )
    return lambda body: {HEADER: signature(secret, body, int(now()))}


def post(
    url: str,
    document: Mapping[str, Any],
    clock: Callable[[], float] = time.monotonic,
    sign: Sign = unsigned,
) -> Answer:
    """Send it, once; blocks for some seconds at most, so not on an event loop. Never raises.

    It follows nowhere: what an address knows ends with its host. `clock`: seconds that only go forward.
    """
    end = clock() + SECONDS
    headers = {"content-type": "application/json", "user-agent": USER_AGENT, "connection": "close"}
    body = orjson.dumps(document)
    try:
        parts = urlsplit(url)
        with closing(
            connection(parts.scheme, parts.hostname or "", parts.port, lambda: end - clock())
        ) as link:
            link.request("POST", target(parts), body, {**headers, **sign(body)})
            with link.getresponse() as answer:
                return Answer(status=answer.status, wait_seconds=_wait(answer.headers))
    except (OSError, ValueError, HTTPException):  # HTTPException: an answer that is no HTTP
        return Answer(status=None)


def _wait(headers: Message) -> float | None:
    """Seconds of a `retry-after`; of a date there, and of nonsense, none."""
    said = headers.get("retry-after", "")
    return min(float(said), LONGEST_WAIT_SECONDS) if said.isascii() and said.isdigit() else None
