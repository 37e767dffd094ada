"""Numbers of passports: a word says that one comes, and then there is something that has the form.

GENERIC: the check digit is not part of the number as people write it. Up to three letters and some digits,
France's letters between its digits, or Germany's nine characters without vowels and perhaps their check
digit.
"""

import re
from collections.abc import Iterator

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.named import after
from tollway.guardrails.personal.placeholder import is_placeholder
from tollway.guardrails.personal.reading import Reading

KIND = "passport"

_TOKEN = re.compile(
    r"[0-9A-Z](?:(?<![0-9A-Za-z_.\-][0-9A-Z])|(?<=\\[nrt][0-9A-Z]))"
    r"(?:[A-Z]{0,2}[0-9]{5,9}[A-Z]{0,2}|[0-9][A-Z]{2}[0-9]{5}|[0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?)"
    r"(?![0-9A-Za-z_]|[.\-:][0-9A-Za-z])"
)
_NO_DIGIT = re.compile(r"[^0-9]")
_BEFORE = 40
"""Characters before that may say so."""
_LEAST_DIGITS = 4
_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]")
"""A date without separators is no number."""


def passports(reading: Reading) -> Iterator[Found]:
    """All of the text's."""
    for match in after(reading.text, KIND, _TOKEN, _BEFORE):
        digits = _NO_DIGIT.sub("", match[0])
        if len(digits) >= _LEAST_DIGITS and not is_placeholder(digits) and not _DAY.fullmatch(match[0]):
            yield reading.found(KIND, *match.span(), Tier.GENERIC)
