"""Dates of birth: a word says that one comes, and then there is a date of a time that people are born in.

GENERIC: a date is no number of anyone's, and the word may be a column's name.
"""

import re
from collections.abc import Iterator

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.named import after
from tollway.guardrails.personal.reading import Reading

KIND = "birth_date"

_BEFORE = 40
"""Characters before a date that may say so."""
_YEAR = r"(?:19[0-9]{2}|20[0-2][0-9])"
_MONTH, _DAY = r"(?:1[0-2]|0?[1-9])", r"(?:[12][0-9]|3[01]|0?[1-9])"
_DATE = re.compile(
    r"(?=[0-9])(?:(?<![0-9A-Za-z_.\-/])|(?<=\\[nrt]))(?:"
    rf"{_YEAR}(?P<a>[./\-])(?:{_MONTH}(?P=a){_DAY})(?![0-9A-SU-Za-z_])"
    rf"|{_YEAR} ?年 ?{_MONTH} ?月 ?{_DAY} ?日|(?:"
    rf"{_DAY}(?P<b>[./\- ]) ?{_MONTH}(?P=b) ?(?:{_YEAR}|[0-9]{{2}})|{_MONTH}/{_DAY}/{_YEAR}"
    rf"|{_DAY}(?:st|nd|rd|th|er|\.|º)?[ \-](?:de |of )?(?P<month>[A-Za-z\u00c0-\u024f]{{3,12}})"
    rf"\.?,?[ \-](?:de |of )?{_YEAR}"
    rf"|(?P<late>{_DAY}(?:st|nd|rd|th)?,? {_YEAR}))(?![0-9A-Za-z_]))"
)
_MONTH_BEFORE = re.compile(r"(?:(?<![A-Za-z\\])|(?<=\\[nrt]))([A-Za-z]{3,12})\.? \Z")
_LONGEST_MONTH = 14
"""Characters, with its point and space."""
_MONTHS = frozenset(
    "jan feb mar apr may jun jul aug sep oct nov dec mai okt dez fév fev mär avr jui aoû aou déc ene abr"
    " ago dic gen mag giu lug set ott out maa mei sty lut kwi maj cze lip sie wrz paź paz lis gru".split()
)
"""How they begin in nine languages."""


def birth_dates(reading: Reading) -> Iterator[Found]:
    """All of the text's."""
    for match in after(reading.text, KIND, _DATE, _BEFORE):
        start = match.start()
        if match["late"]:
            before = _MONTH_BEFORE.search(reading.text, max(0, start - _LONGEST_MONTH), start)
            if before is None or not _is_month(before[1]):
                continue
            start -= len(before[0])
        elif match["month"] and not _is_month(match["month"]):
            continue
        yield reading.found(KIND, start, match.end(), Tier.GENERIC)


def _is_month(word: str) -> bool:
    return word[:3].lower() in _MONTHS
