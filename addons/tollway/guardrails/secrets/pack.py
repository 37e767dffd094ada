"""Rules over a text, in time linear in its length: a set of keywords first, then the rules they call."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import re2

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.secrets import holding, likeness
from tollway.guardrails.secrets.bounded import bounded
from tollway.guardrails.secrets.checksum import crc32_base62
from tollway.guardrails.secrets.encoded import is_chance, texts
from tollway.guardrails.secrets.entropy import classes, milli_bits
from tollway.guardrails.secrets.offsets import characters, matched
from tollway.guardrails.secrets.placeholder import is_placeholder
from tollway.guardrails.secrets.rule import Rule, compiled, options

_KEYWORDS_MEMORY = 64 << 20
"""Bytes; the automaton of two hundred keywords takes some of the eight that RE2 gives itself."""

_CHECKSUMS: Mapping[str, Callable[[str], bool]] = {"crc32_base62": crc32_base62}
_LOOKS: Mapping[str, Callable[[str], bool]] = {
    "password": likeness.password,
    "bare_password": likeness.bare_password,
    "token": likeness.token,
}
_HOLDS: Mapping[str, Callable[[str], bool]] = {
    "base64": holding.base64,
    "user_and_password": holding.user_and_password,
    "armoured_key": holding.armoured_key,
    "json_web_token": holding.json_web_token,
}


@dataclass(frozen=True, slots=True)
class _Span:
    """Bytes of a text's UTF-8."""

    start: int
    end: int
    kind: str
    tier: Tier


class Pack:
    """A SecretEngine of rules alone."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.name = f"{len(rules)} rules of our own"
        self._tries = [_Try(rule) for rule in rules]
        called: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for keyword in rule.keywords:
                called.setdefault(keyword, []).append(place)
        self._called = list(called.values())
        self._keywords = _set_of(called)

    def scan(self, text: str) -> list[Found]:
        """The secrets of a text, in its order, none over another."""
        return bounded(disjoint(self.every(text)), len(text))

    def every(self, text: str) -> Iterator[Found]:
        """They and what lies over each other."""
        data = matched(text)
        spans = list(self._spans(data))
        for start, end, said in texts(data):
            spans += [_Span(start, end, span.kind, span.tier) for span in self._spans(said)]
        found = _found(data, len(text), spans)
        return (one for one in found if not is_chance(text, one.start, one.end))

    def _spans(self, data: bytes) -> Iterator[_Span]:
        places = {place for at in self._keywords.Match(data) or () for place in self._called[at]}
        for place in sorted(places):
            yield from self._tries[place].spans(data)


class _Try:
    """A rule, ready to be tried."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._pattern = compiled(rule.pattern)
        self._each = compiled(rule.each) if rule.each else None
        self._group = _value_of(self._pattern)

    def spans(self, data: bytes) -> Iterator[_Span]:
        known: dict[bytes, Tier | None] = {}  # a log says the same value on each line
        for start, end in self._values(data):
            value = data[start:end]
            if value not in known:
                known[value] = judged(self.rule, value.decode("utf-8", "replace"))
            if tier := known[value]:
                yield _Span(start, end, self.rule.kind, tier)

    def _values(self, data: bytes) -> Iterator[tuple[int, int]]:
        for match in self._pattern.finditer(data):
            start, end = match.span(self._group)
            if self._each is None:
                yield start, end
            else:
                yield from self._within(self._each, data, start, end)

    def _within(self, each: "re2._Regexp", data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        group = _value_of(each)
        return (match.span(group) for match in each.finditer(data, start, end))


def _value_of(pattern: "re2._Regexp") -> int:
    """The number of the group that is the secret; 0 is the whole."""
    number: int = pattern.groupindex.get(b"value", 0)
    return number


def judged(rule: Rule, value: str) -> Tier | None:
    """How sure it is that a value of the rule's shape is a secret; None if it is none."""
    if rule.checksum and _CHECKSUMS[rule.checksum](value):
        return Tier.CERTAIN
    return rule.tier if _counts(rule, value) else None


def _counts(rule: Rule, value: str) -> bool:
    return (
        rule.least <= len(value) <= rule.most
        and value.lower() not in rule.ignore
        and (rule.looks is None or _LOOKS[rule.looks](value))
        and (rule.holds == "armoured_key" or not is_placeholder(value))
        and (not rule.entropy or milli_bits(value) >= rule.entropy)
        and (not rule.classes or classes(value) >= rule.classes)
        and (rule.holds is None or _HOLDS[rule.holds](value))
    )


def _found(data: bytes, length: int, spans: Sequence[_Span]) -> Iterator[Found]:
    """In characters, of which the text has `length`."""
    offsets = [offset for span in spans for offset in (span.start, span.end)]
    places = dict(zip(offsets, offsets, strict=True)) if length == len(data) else characters(data, offsets)
    for span in spans:
        yield Found(
            start=places[span.start],
            end=places[span.end],
            kind=span.kind,
            family=Family.SECRETS,
            tier=span.tier,
        )


def _set_of(keywords: Mapping[str, object]) -> "re2.Set":
    """Which of them are in a text, in any case, by their place here."""
    chosen = options()
    chosen.case_sensitive = False
    chosen.literal = True
    chosen.max_mem = _KEYWORDS_MEMORY
    found = re2.Set.SearchSet(chosen)
    for keyword in keywords:
        found.Add(keyword.encode())
    found.Compile()
    return found
