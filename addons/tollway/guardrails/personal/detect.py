"""All personal data of a text."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal import (
    birth_date,
    card,
    email,
    iban,
    ip,
    mac,
    numbering,
    passport,
    phone,
    us_ssn,
)
from tollway.guardrails.personal.kinds import ALL
from tollway.guardrails.personal.named import is_named
from tollway.guardrails.personal.names import NAMES
from tollway.guardrails.personal.national import IDS, national
from tollway.guardrails.personal.reading import Reading
from tollway.guardrails.personal.shapes import numbers

Judge = Callable[[Reading, str, int, int], Found | None]
"""Says what a shape at a place is."""
Finder = Callable[[Reading], Iterator[Found]]
"""Finds a kind in what is not of a shape."""

_JUDGES: Mapping[str, tuple[Mapping[str, Tier | None], Judge]] = {
    card.KIND: (card.FORMS, card.card),
    iban.KIND: (iban.FORMS, iban.iban),
    phone.KIND: (phone.FORMS, phone.american),
    us_ssn.KIND: (us_ssn.FORMS, us_ssn.us_ssn),
    **{kind: (row.forms, partial(national, kind)) for kind, row in IDS.items()},
}
"""By kind: the shapes it is written in, None where it has to be named, too; and who judges them."""
_FINDERS: Mapping[str, Finder] = {
    email.KIND: email.emails,
    phone.KIND: phone.phones,
    ip.KIND: ip.ips,
    mac.KIND: mac.macs,
    passport.KIND: passport.passports,
    birth_date.KIND: birth_date.birth_dates,
}


_SOME = re.compile(r"[\d@]")
_OF_LETTERS = re.compile(r"[:-](?:(?<=::)|[A-Fa-f]{2}[:-])")
"""Each kind has a digit in it, but for addresses of mail and, now and then, of networks and their cards."""


def personal(text: str, kinds: Collection[str] = ALL) -> list[Found]:
    """What a text has of the kinds, in order, none over another: the surer one stays, then the longer one.

    Takes time in proportion to the text. Who wants the sure ones only takes those of `Tier.CERTAIN`.
    """
    if _SOME.search(text) is None and _OF_LETTERS.search(text) is None:
        return []
    reading = Reading(text)
    found = [one for kind, find in _FINDERS.items() if kind in kinds for one in find(reading)]
    if judges := _judges(reading.mentions, frozenset(kinds)):
        found += _judged(reading, judges)
    return disjoint(found)


def _judged(reading: Reading, judges: Mapping[str, Sequence[Judge]]) -> Iterator[Found]:
    for shape, start, end in numbers(reading.text, judges.keys()):
        for judge in judges[shape]:
            if one := judge(reading, shape, start, end):
                yield one


@lru_cache(maxsize=1_000)
def _judges(mentions: frozenset[str], kinds: frozenset[str]) -> Mapping[str, Sequence[Judge]]:
    """By shape: those who may find one of the kinds in a text that has words for these."""
    chosen: defaultdict[str, list[Judge]] = defaultdict(list)
    for kind, (forms, judge) in _JUDGES.items():
        if kind in kinds:
            for shape, tier in forms.items():
                if tier is not None or kind in mentions:
                    chosen[shape].append(judge)
    return chosen


def warm() -> None:
    """Make what the first texts would wait for: the automatons of shapes, names and common numbering plans.

    It takes some 0.1 s, once in a process; without it all works, and the first text of each kind is slower.
    """
    numbering.warm()
    for kind in NAMES:
        is_named("", kind)
    personal("0")
