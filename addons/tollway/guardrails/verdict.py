"""What becomes of a text in which something was found: a judgement of all guardrails that are about it."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tollway.guardrails.apart import Ruled, apart
from tollway.guardrails.leaves import Path
from tollway.guardrails.rule import Do, Judged, Rule, Said, strictest
from tollway.guardrails.spot import HIDDEN, Known, Searched, Spot, pointer

REQUEST, RESPONSE = "request", "response"
_NAME = re.compile(r"[A-Za-z_][A-Za-z_-]{0,31}")
LONGEST = 200
"""Characters of a place."""
UNSCANNED = "unscanned"
"""The kind of a file that nothing here reads."""


class Finding(Struct, frozen=True, kw_only=True):
    """A value that was found, as the ledger keeps it: never what it is."""

    kind: str
    at: str = ""
    """Where it stands first: a JSON Pointer (RFC 6901), through JSON in strings; empty: it is no JSON."""
    times: int = 1
    """How often it stands there."""
    mark: str = ""
    """Its keyed hash; empty for files."""
    do: Do
    """What was done with it; in shadow: what would have been."""
    by: str
    """The guardrail that said so."""
    shadow: bool = False
    text: str = REQUEST
    """Which text it stands in: `request` or `response`."""

    @property
    def said(self) -> str:
        """What was done, as rows say it: `redact email`."""
        return f"{self.do.word} {self.kind}"


class Verdict(Struct, frozen=True):
    """On a text as a whole."""

    do: Do
    """The strictest, in force: BLOCK refuses it, and nothing else is done."""
    findings: tuple[Finding, ...] = ()
    """By the order of their first places, those of guardrails in force first."""
    redact: tuple[Spot, ...] = ()
    """What is to be taken out."""
    restore: frozenset[str] = frozenset()
    """Marks of what is taken out, and put back into the answer ..."""
    never_into: frozenset[str] = frozenset()
    """... but for that of these tools."""

    @property
    def kinds(self) -> list[str]:
        """Of what makes it so."""
        return list(dict.fromkeys(one.kind for one in self.findings if one.do is self.do and not one.shadow))


NOTHING = Verdict(Do.IGNORE)


def verdict(searched: Searched, rules: Sequence[Rule], may_change: bool = True) -> Verdict:
    """Of the rules that are about the call. `may_change`: a signed text, or a subscription's, is never
    changed: what would be redacted there blocks it."""
    if not (searched.spots or searched.unread) or not rules:
        return NOTHING
    in_force = [rule for rule in rules if not rule.shadow]
    counted = apart(list(ruled(searched.spots, in_force, may_change)))
    redact = [(spot, said.rule) for spot, said in counted if said.do is Do.REDACT]
    found = [*_findings(counted), *_files(searched.unread, in_force)]
    do = max([one.do for one in found], default=Do.IGNORE)
    back = [(spot, rule) for spot, rule in redact if rule.restore]
    shadows = [rule for rule in rules if rule.shadow]
    if shadows:
        found += _findings(apart(list(ruled(searched.spots, shadows, may_change))))
        found += _files(searched.unread, shadows)
    return Verdict(
        do=do,
        findings=tuple(found),
        redact=tuple([spot for spot, _ in redact]),
        restore=frozenset([spot.known.mark for spot, _ in back]),
        never_into=frozenset([tool for _, rule in back for tool in rule.never_into]),
    )


def ruled(spots: Sequence[Spot], rules: Sequence[Rule], may_change: bool = True) -> Iterator[Ruled]:
    """What is done with each of which there are enough."""
    enough = {rule.number: _enough(rule, spots) for rule in rules}
    for spot in spots:
        asked = [rule for rule in rules if spot.kind in enough[rule.number]]
        if (said := strictest(spot, spot.known, asked, may_change)) is not None:
            yield spot, said


def _enough(rule: Rule, spots: Sequence[Spot]) -> frozenset[str]:
    """The kinds of which there are enough different values."""
    marks: dict[str, set[str]] = {}
    for spot in spots:
        if rule.does(spot, spot.known) is not Do.IGNORE:
            marks.setdefault(spot.kind, set()).add(spot.known.mark)
    return frozenset(kind for kind, found in marks.items() if len(found) >= rule.least_for(kind))


def _findings(ruled: Sequence[Ruled]) -> list[Finding]:
    """One for each value."""
    first: dict[tuple[str, str, Do], Finding] = {}
    for spot, said in ruled:
        key = (spot.kind, spot.known.mark, said.do)
        before = first.get(key)
        first[key] = finding(spot, spot.known, said, spot.path) if before is None else again(before)
    return [*first.values()]


def finding(one: Judged, known: Known, said: Said, path: Path, text: str = REQUEST) -> Finding:
    """What was found at a place, for the first time."""
    return Finding(
        kind=one.kind,
        at=pointer(_named(path))[:LONGEST],
        mark=known.mark,
        do=said.do,
        by=said.rule.name,
        shadow=said.rule.shadow,
        text=text,
    )


def _named(path: Path) -> Path:
    """A path of members' names: what else a prompt has as keys, in its JSON, is its own affair."""
    return tuple([part if isinstance(part, int) or _NAME.fullmatch(part) else HIDDEN for part in path])


def again(one: Finding) -> Finding:
    """It, once more."""
    return replace(one, times=one.times + 1)


def _files(unread: int, rules: Sequence[Rule]) -> list[Finding]:
    strictest = max(rules, key=lambda rule: rule.unscanned, default=None)
    if not unread or strictest is None or strictest.unscanned is Do.IGNORE:
        return []
    return [
        Finding(
            kind=UNSCANNED,
            times=unread,
            do=strictest.unscanned,
            by=strictest.name,
            shadow=strictest.shadow,
        )
    ]
