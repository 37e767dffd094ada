"""The provider table, made ready for look-ups."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tollway.model import RETRIEVE, Endpoint, Kind
from tollway.providers.hosts import Host, expand, opened
from tollway.providers.paths import Match, Paths
from tollway.providers.schema import BatchName, Row, Rule, Rules

LOOKS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
"""Methods that only look or delete: they cost nothing unless a rule says so."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """Paths in the form that a look-up takes, and what they are."""

    paths: Paths
    rules: tuple[tuple[Rule, bool], ...]
    """Each with whether a flat plan covers it."""

    def find(self, path: str) -> tuple[Rule, bool, Match] | None:
        """The rule of a path in its normal form, whether a flat plan covers it, and what the path said."""
        match = self.paths.match(path)
        return None if match is None else (*self.rules[match.index], match)


@dataclass(frozen=True, slots=True, eq=False)
class Provider:
    """A row of the table."""

    row: Row
    acts: Ruled
    """What its paths are to methods that do more than look, and to upgrades."""
    named: Mapping[str, Ruled]
    """What its paths are to methods that the rules name."""
    errors: str
    retrieved: frozenset[str]
    """The dialects in which it shows answers again."""

    def endpoint(self, host: str, kind: Kind, rule: Rule, plan: bool, kept: Mapping[str, str]) -> Endpoint:
        """What a request is that a rule speaks of."""
        return Endpoint(
            kind=kind,
            provider=self.row.name,
            host=host,
            operation=rule.operation,
            dialect=rule.dialect or "",
            errors=rule.dialect or self.errors,
            model=kept.get("model"),
            upstream=kept.get("upstream"),
            stream=rule.stream,
            subscription=plan,
            untouched=self.row.untouched,
            ask_usage=self.row.ask_usage,
            bills_on=self.row.bills_on,
            habits=frozenset(self.row.habits),
            mints=rule.mints,
            batch=rule.batch or "",
            shows_again=rule.dialect in self.retrieved,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A host pattern, and whose it is."""

    host: Host
    provider: Provider
    rank: int
    """The lower one is asked first."""


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """All providers, by host."""

    names: Mapping[str, tuple[Place, ...]]
    """By the name, or by the part of it that is not left open."""
    providers: tuple[Provider, ...]
    regions: tuple[tuple[re.Pattern[str], Place], ...] = ()
    """What is looked through if no name is a host's: names of regions that no list has. Empty for a proxy."""

    def hosts(self) -> tuple[str, ...]:
        """The DNS names that the providers' hosts are or lie under, sorted: a CA need permit no others."""
        return tuple(sorted(n for n, places in self.names.items() if any(map(_is_read, places))))

    def of_customers(self) -> frozenset[str]:
        """Providers whose hosts are all called as customers of theirs chose."""
        places = [place for places in self.names.values() for place in places]
        fixed = {place.provider.row.name for place in places if not place.host.labels}
        return frozenset({place.provider.row.name for place in places} - fixed)

    def by_path(self) -> frozenset[str]:
        """Providers on whose hosts each customer has paths."""
        return frozenset(one.row.name for one in self.providers if one.row.by_path)

    def key_header(self, provider: str, dialect: str) -> str:
        """The header that takes a provider's API key for calls of a dialect."""
        rows = [one.row for one in self.providers if one.row.name == provider]
        return next((row.keys[dialect] for row in rows if dialect in row.keys), "authorization")

    def operations(self) -> frozenset[str]:
        """What calls may be, as the ledger has it; on a path that no rule is about they are `unknown`."""
        ruled = [each for one in self.providers for each in (one.acts, *one.named.values())]
        named = {rule.operation for each in ruled for rule, _ in each.rules if not rule.free}
        return frozenset(named - {""} | {Kind.UNKNOWN.value})


def _is_read(place: Place) -> bool:
    """Whether the proxy may decrypt what goes there."""
    return not place.host.is_address and not place.provider.row.by_name


def build(
    rows: Sequence[Row],
    sets: Mapping[str, Rules],
    regions: Mapping[str, Sequence[str]],
    open_regions: bool = False,
) -> Registry:
    """The registry of these rows, the first of which are asked first. ValueError: as `expand` has it.

    `open_regions`: where the name of a host has a region, any label is one.
    """
    names: dict[str, list[Place]] = {}
    providers = tuple(_provider(row, sets) for row in rows)
    for rank, provider in enumerate(providers):
        for text in provider.row.hosts:
            for host in expand(text, regions):
                names.setdefault(host.name, []).append(Place(host, provider, rank))
    left_open = tuple(_opened(providers, regions)) if open_regions else ()
    return Registry({n: tuple(p) for n, p in names.items()}, providers, left_open)


def _opened(
    providers: Sequence[Provider], regions: Mapping[str, Sequence[str]]
) -> Iterator[tuple[re.Pattern[str], Place]]:
    for rank, provider in enumerate(providers):
        for text in provider.row.hosts:
            if (found := opened(text, regions)) is not None:
                names, port = found
                yield names, Place(Host(name=text, port=port), provider, rank)


def _provider(row: Row, sets: Mapping[str, Rules]) -> Provider:
    """The row with its paths laid out: in the order of the table, catch-alls last, the longer ones first."""
    plain = [(path, rule, row.subscription) for path, rule in row.paths.items()]
    served = [
        (base + path, rule, row.subscription if s.subscription is None else s.subscription)
        for s in row.serves
        for base in s.at
        for path, rule in sets[s.set].items()
    ]
    every = plain + served
    every += [(path, _got(rule.got), plan) for path, rule, plan in every if rule.got is not None]
    rules = sorted(every, key=lambda r: len(r[0]) if r[0].endswith("/**") else 1 << 20, reverse=True)
    methods = {m for _, rule, _ in rules for m in rule.methods}
    first = next((rule.dialect for _, rule, _ in rules if rule.dialect), "openai_chat")
    return Provider(
        row=row,
        acts=_ruled([r for r in rules if not r[1].methods]),
        named={m: _ruled([r for r in rules if m in r[1].methods]) for m in sorted(methods)},
        errors=row.errors or first,
        retrieved=frozenset(r.dialect for _, r, _ in rules if r.dialect and r.operation == RETRIEVE),
    )


def _got(batch: BatchName) -> Rule:
    """What a GET is that a rule says for itself."""
    return Rule(free=True, batch=batch, methods=("GET",))


def _ruled(rules: Sequence[tuple[str, Rule, bool]]) -> Ruled:
    return Ruled(Paths([path for path, _, _ in rules]), tuple((rule, plan) for _, rule, plan in rules))
