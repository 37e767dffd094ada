"""What a token's claims make of its bearer: the policy's names for what an issuer calls otherwise."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tollway.budget.attributes import UNKNOWN_GROUPS

LONGEST = 256
"""Characters of an attribute. What is longer is nobody's name, and counts as absent."""

_NAME = r"""([^.\[\]{}"]+)|"([^"]+)\""""
_FIRST, _NEXT = re.compile(_NAME), re.compile(rf"\.(?:{_NAME})|\[(\d{{1,4}})\]")
_EXAMPLES = 'email, groups[0], realm.roles[0] or "https://example.com/claims".team'
_FIELD = re.compile(r"\{([^{}]+)\}")

type Step = str | int
"""The name of a member, or the index of a list's entry."""


class Claim(Struct, frozen=True, kw_only=True):
    """Where an attribute stands among claims."""

    paths: tuple[tuple[Step, ...], ...]
    """One, or those that a template names."""
    texts: tuple[str, ...] = ("", "")
    """What stands before, between and behind them; one more than there are paths."""
    strip: str = ""
    """A prefix that is no part of the attribute; what lacks it is absent."""


def parse(text: str, strip: str = "") -> Claim:
    """`email`, `groups[0]`, `realm.roles[0]`, `"https://example.com/claims".team`, or a template of such:
    `{repository}/{environment}`. Raises ValueError, which says what is wrong."""
    parts = _FIELD.split(text)
    if len(parts) == 1:
        return Claim(paths=(_path(text),), strip=strip)
    texts = tuple(parts[::2])
    if any("{" in each or "}" in each for each in texts):
        raise ValueError(f"{text!r}: braces stand around claims, in pairs")
    return Claim(paths=tuple(map(_path, parts[1::2])), texts=texts, strip=strip)


def _path(text: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = 0
    while at < len(text) and (step := (_NEXT if at else _FIRST).match(text, at)):
        name, quoted, *index = step.groups()
        steps.append(name or quoted or int(index[0]))
        at = step.end()
    if at < len(text) or not steps:
        raise ValueError(f"{text!r} names no claim: write it as {_EXAMPLES}")
    return tuple(steps)


def value(claim: Claim, claims: Mapping[str, Any]) -> str | None:
    """The one text that a claim is; None: it is absent, a list, or nobody's name."""
    found = [_text(_at(path, claims)) for path in claim.paths]
    if None in found:
        return None
    first, *others = claim.texts
    return _stripped(claim, first + "".join(f"{one}{text}" for one, text in zip(found, others, strict=True)))


def values(claim: Claim, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """All texts that a claim is: of a list each, sorted, each once."""
    if len(claim.paths) == 1 and claim.texts == ("", ""):
        found = _at(claim.paths[0], claims)
        texts = [_text(one) for one in found] if isinstance(found, list) else [_text(found)]
        stripped = {_stripped(claim, text) for text in texts if text is not None}
        return tuple(sorted(text for text in stripped if text is not None))
    one = value(claim, claims)
    return () if one is None else (one,)


def groups(claim: Claim, claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups of a bearer; of one who is in more than a token can say, they are unknown, and not none.

    Entra ID leaves the claim out above 200 groups, and points elsewhere (`_claim_names`, `hasgroups`):
    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim
    """
    elsewhere = claims.get("_claim_names")
    pointed = isinstance(elsewhere, Mapping) and any(path[0] in elsewhere for path in claim.paths)
    if pointed or claims.get("hasgroups") in (True, "true"):
        return UNKNOWN_GROUPS
    return tuple(name for name in values(claim, claims) if name not in UNKNOWN_GROUPS)


def _at(path: tuple[Step, ...], claims: Mapping[str, Any]) -> Any:
    found: Any = claims
    for step in path:
        if isinstance(step, int):
            found = found[step] if isinstance(found, list) and step < len(found) else None
        else:
            found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _text(found: object) -> str | None:
    """Texts, and whole numbers as texts."""
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found else None


def _stripped(claim: Claim, text: str) -> str | None:
    if not text.startswith(claim.strip):
        return None
    rest = text.removeprefix(claim.strip)
    return rest if 0 < len(rest) <= LONGEST and rest.isprintable() else None
