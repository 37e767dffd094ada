"""Social security numbers of the United States.

They have no check digit. CERTAIN as they are written on the card (`3-2-4`, with hyphens), of an area, group
and serial number that are issued, and in any form where words name one. Nothing else is found.
"""

import re
from collections.abc import Mapping

from stdnum.us import ssn

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.placeholder import is_placeholder
from tollway.guardrails.personal.reading import Reading

KIND = "us_ssn"
FORMS: Mapping[str, Tier | None] = {"3-2-4": Tier.CERTAIN, "3.2.4": None, "9": None}

_GROUPS_ALIKE = re.compile(r"(.)\1\1(.)\2(.)\3{3}")
"""`111-22-3333`."""
_NO_DIGIT = re.compile(r"\D")


def us_ssn(reading: Reading, shape: str, start: int, end: int) -> Found | None:
    """The number that a shape is, if it is one."""
    if FORMS[shape] is None and not reading.names(KIND, start, end):
        return None
    digits = _NO_DIGIT.sub("", reading.text[start:end])
    if is_placeholder(digits) or _GROUPS_ALIKE.fullmatch(digits) or not ssn.is_valid(digits):
        return None
    return reading.found(KIND, start, end, Tier.CERTAIN)
