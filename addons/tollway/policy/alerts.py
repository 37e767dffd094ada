"""Where alerts go beside the log, and which: the section `alerts` of a policy."""

import re
from functools import cached_property
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from tollway.alerts.alert import AT_ONCE, Kind
from tollway.alerts.form import Format
from tollway.policy.some import some
from tollway.providers.schema import Strict

VARIABLE = "env:"
_NAMED = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,127}")


def wrong_url(url: str) -> str | None:
    """What keeps a text from being the address of a webhook; None: nothing. It never repeats the text."""
    if not url.startswith(("https://", "http://")):
        return "a URL begins with https:// or http://"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "a URL has no blanks, and no letters beyond ASCII"
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # what stands in brackets is no address; what follows the colon is no port
        named = False
    if not named:
        return "a URL names a host, and a port if need be"
    return "a webhook's URL has no log-in before its host" if "@" in parts.netloc else None


def _webhook(value: str) -> str:
    """The value is not repeated: it may be the secret itself."""
    if value.startswith(VARIABLE):
        if not _NAMED.fullmatch(value):
            raise ValueError("name an environment variable, as env:TOLLWAY_ALERT_URL")
    elif (wrong := wrong_url(value)) is not None:
        raise ValueError(f"write env:VARIABLE, which holds the URL; what stands here is none: {wrong}")
    return value


def _secret(value: str) -> str:
    """The value is not repeated: it may be the secret itself."""
    if not _NAMED.fullmatch(value):
        raise ValueError("name the environment variable that holds the secret, as env:TOLLWAY_ALERT_SECRET")
    return value


class Alerts(Strict):
    """Where alerts go, beside the log."""

    webhook: Annotated[str, AfterValidator(_webhook)] | None = None
    """`env:VARIABLE`, which holds the URL, or the URL; None: alerts go nowhere else."""
    format: Annotated[Format, Field(strict=False)] = Format.SLACK
    """In which form the webhook takes them."""
    secret: Annotated[str, AfterValidator(_secret)] | None = None
    """`env:VARIABLE`, which holds what each is signed with; None: none is."""
    on: (
        Annotated[tuple[Annotated[Kind, Field(strict=False)], ...], Field(strict=False), AfterValidator(some)]
        | None
    ) = None
    """What is told; None: all that there is, where there is a webhook."""

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """What is told: where nobody said so, with a webhook all kinds, else those that are told as they
        happen, for which nothing has to be watched."""
        if self.on is not None:
            return frozenset(self.on)
        return frozenset(Kind) if self.webhook is not None else AT_ONCE
