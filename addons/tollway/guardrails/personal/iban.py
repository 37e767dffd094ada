"""International bank account numbers: the country's length and structure, and the two check digits (ISO
13616).

CERTAIN wherever it stands: of a million texts that look like one, a hundredth has the right check digits.
"""

import re
from collections.abc import Mapping
from itertools import product
from string import ascii_uppercase

from stdnum import numdb
from stdnum.iso7064 import mod_97_10

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.reading import Reading

KIND = "iban"
FORMS: Mapping[str, Tier | None] = {"iban": Tier.CERTAIN, "small iban": Tier.CERTAIN}

_PART = re.compile(r"(\d+)!([nac])")
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_SEPARATORS = re.compile(r"[ \-\u00a0\u202f]")


def _countries() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """By country: how many characters to read, separators between them or not; and how they are made up."""
    registry = numdb.get("iban")
    rows = {}
    for country in map("".join, product(ascii_uppercase, repeat=2)):
        _, row = registry.info(country)[0]
        if parts := _PART.findall(row.get("bban", "")):
            length = 2 + sum(int(size) for size, _ in parts)
            made = "".join(f"{_CLASSES[kind]}{{{size}}}" for size, kind in parts)
            rows[country] = (
                re.compile(
                    rf"[A-Za-z]{{2}}(?:{_SEPARATORS.pattern}?[0-9A-Za-z]){{{length}}}(?![0-9A-Za-z_])"
                ),
                re.compile(rf"[A-Z]{{2}}[0-9]{{2}}{made}"),
            )
    return rows


_COUNTRIES = _countries()


def iban(reading: Reading, _: str, start: int, __: int) -> Found | None:
    """The account number that begins where two letters and two digits stand, if it is one."""
    country = _COUNTRIES.get(reading.text[start : start + 2].upper())
    match = country and country[0].match(reading.text, start)
    if not country or not match:
        return None
    number = _SEPARATORS.sub("", match[0]).upper()
    if not country[1].fullmatch(number) or not mod_97_10.is_valid(number[4:] + number[:4]):
        return None
    return reading.found(KIND, start, match.end(), Tier.CERTAIN)
