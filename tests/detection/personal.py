"""The corpus of personal data: true and false examples of each kind, the same ones for the same seed."""

import re
from collections.abc import Iterator
from random import Random

from tests.detection.example import Example
from tests.detection.personal_false import FALSE, ids
from tests.detection.personal_values import MAKERS
from tests.detection.personal_words import WORDS
from tests.detection.surroundings import NEUTRAL, SURROUNDINGS, surrounded
from tollway.guardrails.personal.kinds import KINDS
from tollway.guardrails.personal.national import IDS

ROUNDS = 4
"""True examples of a kind in each surrounding."""
CHANGED = 24
"""Examples of a kind with one digit that is another."""


def examples(seed: int = 1) -> Iterator[Example]:
    """All of them."""
    for kind in KINDS:
        chance = Random(f"{kind} {seed}")
        yield from _true(kind, chance)
        yield from _false(kind, chance)


def _true(kind: str, chance: Random) -> Iterator[Example]:
    for where in list(SURROUNDINGS) * ROUNDS:
        value = MAKERS[kind](chance)
        yield Example(kind, surrounded(where, value, WORDS.get(kind, NEUTRAL)), value, True, where)


def _false(kind: str, chance: Random) -> Iterator[Example]:
    made = [*FALSE.get(kind, ()), *(ids(chance) if kind not in ("ip", "phone") else ())]
    if KINDS[kind].checked:
        made += [
            value
            for value in (changed(MAKERS[kind](chance), chance) for _ in range(CHANGED))
            if not _is_one(kind, value)
        ]
    for _ in range(3):
        value = MAKERS[kind](chance)
        made += [f"x{value}", f"{value}9{value[-1]}"] if kind not in ("email", "phone", "ip") else []
    for value in made:
        where = chance.choice(list(SURROUNDINGS))
        yield Example(kind, surrounded(where, value), value, False, where)


def _is_one(kind: str, value: str) -> bool:
    """Whether a changed number is right again: not every checksum sees every digit."""
    return kind in IDS and IDS[kind].valid(re.sub("[^0-9A-Za-z]", "", value))


def changed(value: str, chance: Random) -> str:
    """A value of which one digit is another one, and its checksum wrong for that."""
    place = chance.choice([at for at, char in enumerate(value) if char.isdigit()])
    digit = chance.choice([other for other in "0123456789" if other != value[place]])
    return value[:place] + digit + value[place + 1 :]
