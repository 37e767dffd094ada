"""A JSON document, sent to a webhook: directly, never by way of a proxy, and so never by way of our own."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import Any

import orjson
from msgspec import Struct

from tollway.directly import USER_AGENT, opener
from tollway.errors import TollwayError
from tollway.policy.alerts import VARIABLE, wrong_url

TIMEOUT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 60.0
"""More is not waited for, whatever the webhook asks for."""


class AddressError(TollwayError):
    """The variable that a policy names has no address of a webhook. Its text never has the address."""

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


def post(url: str, document: Mapping[str, Any]) -> Answer:
    """Send it, once; blocks for some seconds at most, so not on an event loop. Never raises."""
    headers = {"content-type": "application/json", "user-agent": USER_AGENT}
    try:
        request = urllib.request.Request(url, orjson.dumps(document), headers, method="POST")
        with opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(status=answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(status=error.code, wait_seconds=_wait(error.headers))
    except (OSError, ValueError, HTTPException):  # HTTPException: an answer that is no HTTP
        return Answer(status=None)


def _wait(headers: Message) -> float | None:
    """Seconds of a `retry-after`; of a date there, and of nonsense, none."""
    said = headers.get("retry-after", "")
    return min(float(said), LONGEST_WAIT_SECONDS) if said.isascii() and said.isdigit() else None
