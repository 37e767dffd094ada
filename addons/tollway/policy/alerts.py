"""Where alerts go beside the log: the section `alerts` of a policy."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

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


class Alerts(Strict):
    """Where alerts go, beside the log."""

    webhook: Annotated[str, AfterValidator(_webhook)] | None = None
    """`env:VARIABLE`, which holds the URL, or the URL; None: alerts go nowhere else."""
