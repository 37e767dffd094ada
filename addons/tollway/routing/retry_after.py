"""When a provider wants to be asked again, as the headers of its answer say."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_US = {"retry-after-ms": 1_000, "retry-after": 1_000_000}
"""By header: what one of its unit is. The first is OpenAI's and Azure's, and more exact."""


def retry_after_us(headers: Mapping[str, str]) -> int | None:
    """In how many microseconds; None: it does not say. `headers` by lower-case names.

    A date (RFC 9110, section 10.2.3) counts from the answer's own `date`: the clocks of two machines differ.
    """
    for name, us in _US.items():
        value = headers.get(name, "").strip()
        if _NUMBER.fullmatch(value):
            whole, _, part = value.partition(".")
            return int(whole) * us + int((part + "000000000")[:9]) * us // 1_000_000_000
    until, now = _date(headers.get("retry-after")), _date(headers.get("date"))
    if until is None or now is None:
        return None
    return max(0, int((until - now).total_seconds()) * 1_000_000)


def _date(value: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
