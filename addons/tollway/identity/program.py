"""The client's program, from its user agent."""

import re
from functools import lru_cache
from itertools import takewhile

LONGEST = 64
"""Characters of a name that are kept."""

_VERSION = re.compile(r"[vV]?\d")
_LANGUAGE = re.compile(r"Python/\d")
"""Put first by aiohttp: `Python/3.12 aiohttp/3.13.0`."""
_LOOKED_AT = 1024
"""Characters of a user agent that are read."""


@lru_cache(maxsize=1024)
def program(user_agent: str | None) -> str | None:
    """The name of the program without its version: claude-cli, OpenAI/Python, curl; None if it says none.

    Product tokens are `name/version` (RFC 9110, section 10.1.5); some SDKs write `name/language version`.
    What can't be printed is left out: terminals show the name, and the ledger keeps Unicode text only.
    """
    words = (user_agent or "")[:_LOOKED_AT].split()
    if not words:
        return None
    if len(words) > 1 and _LANGUAGE.match(words[0]):
        words = words[1:]
    first, *rest = "".join(filter(str.isprintable, words[0])).split("/")
    names = [first, *takewhile(_is_name, rest)]
    return "/".join(names[:2])[:LONGEST] if first else None


def _is_name(part: str) -> bool:
    return bool(part) and not _VERSION.match(part)
