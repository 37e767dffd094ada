"""What a caller asks of the cache: `x-tollway-cache-ttl`, `x-tollway-skip-cache`, `x-tollway-cache-key`."""

import re
from collections.abc import Mapping

from msgspec import Struct

TTL, SKIP, KEY = "x-tollway-cache-ttl", "x-tollway-skip-cache", "x-tollway-cache-key"
LONGEST_KEY = 256
_LENGTH = re.compile(r"([0-9]{1,9})([smhd]?)")
_US = {"": 1_000_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_NO = frozenset({"false", "0", "no"})

SKIPPED = f"its caller says so: {SKIP}"
NO_TIME = f"its caller wants no answer that is older than now: {TTL}"
BAD_TTL = f"{TTL} is no length of time: write 300 (seconds), 90s, 5m, 12h or 30d"
BAD_KEY = f"{KEY} is no key: write 1 to {LONGEST_KEY} printable ASCII characters"


class Wishes(Struct, frozen=True, kw_only=True):
    """A caller may ask for less than the policy gives, never for more."""

    ttl_us: int | None = None
    """No answer older than that, and its own is kept no longer; None: as long as the policy says."""
    key: str = ""
    """Told apart from calls with another one, within the same scope."""
    why_not: str | None = None
    """Why it is neither answered from the cache, nor joined, nor kept: it says so, or says what nobody can
    read. None: it may be."""


NO_WISHES = Wishes()


def wishes(headers: Mapping[str, str]) -> Wishes:
    """Of a request with these headers, by lower-case name. Never raises: what can't be read is not cached."""
    skip, ttl, key = headers.get(SKIP), headers.get(TTL), headers.get(KEY)
    if skip is not None and skip.strip().lower() not in _NO:
        return Wishes(why_not=SKIPPED)
    length = _LENGTH.fullmatch(ttl.strip().lower()) if ttl is not None else None
    if ttl is not None and length is None:
        return Wishes(why_not=BAD_TTL)
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        return Wishes(why_not=BAD_KEY)
    ttl_us = int(length[1]) * _US[length[2]] if length is not None else None
    return Wishes(why_not=NO_TIME) if ttl_us == 0 else Wishes(ttl_us=ttl_us, key=key or "")
