"""What policies may look for, by name: a family as a whole, or a kind of it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib import resources

from tollway.guardrails.found import Family
from tollway.guardrails.personal.kinds import ALL as PERSONAL
from tollway.guardrails.personal.kinds import KINDS

FAMILIES = {family.value: family for family in (Family.SECRETS, Family.PERSONAL)}


@cache
def secrets() -> frozenset[str]:
    """The kinds of `secrets/kinds.txt`: those of our own rules and of Kingfisher's."""
    text = resources.files("tollway.guardrails.secrets").joinpath("kinds.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def check(name: str) -> str:
    """The name of a family or a kind. Raises ValueError if there is none."""
    if name in FAMILIES or name in PERSONAL or name in secrets():
        return name
    near = get_close_matches(name, (*FAMILIES, *sorted(PERSONAL), *sorted(secrets())), n=1)
    hint = f"did you mean {near[0]}?" if near else "`tollway scan --kinds` lists what there is"
    raise ValueError(f"nothing here finds {name[:64]!r}: {hint}")


def listed() -> Iterator[str]:
    """All names there are, a line each; of personal data with what it is."""
    yield f"secrets: {len(secrets())} kinds of keys, tokens and passwords"
    yield from (f"  {name}" for name in sorted(secrets()))
    yield f"personal: {len(PERSONAL)} kinds"
    yield from (f"  {name}: {kind.what}" for name, kind in sorted(KINDS.items()))


def families(names: Iterable[str]) -> frozenset[Family]:
    """Those that the names are of."""
    return frozenset(_family(name) for name in names)


def _family(name: str) -> Family:
    return FAMILIES.get(name) or (Family.PERSONAL if name in PERSONAL else Family.SECRETS)
