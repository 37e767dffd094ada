"""What entries of a policy say of each other, and of providers: names that must be there, and once."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from tollway.budget.bucket import Enforce
from tollway.identity.networks import networks
from tollway.policy.cache import CacheEntry
from tollway.policy.document import Way
from tollway.policy.guardrails import GuardrailEntry
from tollway.policy.left import TIGHTEST, key_of
from tollway.policy.limit import Action, Route
from tollway.policy.matches import matches
from tollway.policy.record import RecordEntry
from tollway.policy.routes import RouteRule
from tollway.policy.schema import Policy
from tollway.routing.resolve import SAME, Rule, Target, resolve

PATHS = (
    "customers of {} have paths on one and the same host, where some may read what is sent: name yours in a "
    "row of `providers`, with a name of its own, which then may have a key"
)
STRANGERS = "hosts of {} are called as its customers chose, so a key goes to those alone that `hosts` names"
TWICE = "identity[{}] takes all tokens of this issuer that are shown there: name both audiences in it"
UNHELD = "what passes unread is not held by the hard limit {}: say meter, or refuse"
NAMES = ("name", "id")
"""Keys of a limit that its buckets are known by."""
Wrong = tuple[Way, str]
"""A value of the policy, and what is wrong with it."""


def wrong(
    policy: Policy,
    providers: Collection[str],
    of_customers: Collection[str] = (),
    by_path: Collection[str] = (),
) -> Iterator[Wrong]:
    """Everything that does not hold together.

    `providers`: the names of all, the operator's included; `of_customers`: those whose hosts are all called
    as customers of theirs chose; `by_path`: those on whose hosts each customer has paths.
    """
    yield from _names(policy)
    yield from _limits(policy)
    yield from _always(policy)
    yield from _access(policy)
    yield from _twice("guardrails", policy.guardrails)
    yield from _twice("record", policy.record)
    yield from _twice("cache", policy.cache)
    yield from _networks(policy)
    yield from _issuers(policy)
    yield from _claims(policy)
    yield from _routes(policy, providers)
    if policy.faults.websocket == "pass" and (name := _hard(policy)) is not None:
        yield ("faults", "websocket"), UNHELD.format(name)
    for name in policy.credentials:
        if name not in providers:
            yield ("credentials", name), _no("provider", name, providers)
        elif name in by_path and any(entry.inject is not None for entry in policy.credentials[name]):
            yield ("credentials", name), PATHS.format(name)
        elif name in of_customers and not _has_hosts(policy, name):
            yield ("credentials", name), STRANGERS.format(name)


def _hard(policy: Policy) -> str | None:
    """The first limit that nothing may pass unheld."""
    return next((entry.name for entry in policy.limits if entry.enforce is Enforce.HARD), None)


def needs_providers(policy: Policy) -> bool:
    """Whether there is anything that names a provider: the table takes a while to be read."""
    return bool(policy.routes or policy.credentials)


def _names(policy: Policy) -> Iterator[Wrong]:
    """Names and ids that stand twice: they are what buckets are known by."""
    seen: dict[str, tuple[str, int, str]] = {}
    limits = [(("limits", i, key), getattr(e, key)) for i, e in enumerate(policy.limits) for key in NAMES]
    rates = [(("rates", i, "name"), entry.name) for i, entry in enumerate(policy.rates)]
    for way, text in (*limits, *rates):
        if text is None:
            continue
        first = seen.setdefault(text, way)
        if first[:2] != way[:2]:
            yield way, f"{text} stands twice: it is the {first[2]} of {first[0]}[{first[1]}], too"


def _limits(policy: Policy) -> Iterator[Wrong]:
    """Raises in another unit than their limit's, and actions that name a route which is not there."""
    for section, i, then in all_thens(policy):
        for j, action in enumerate(then):
            if isinstance(action, Route) and action.name not in policy.routes:
                yield (section, i, "then", j, "route"), _no("route", action.name, policy.routes)
    for i, entry in enumerate(policy.limits):
        for j, each in enumerate(entry.raises):
            if each.amount.unit is not entry.amount.unit:
                said = f"must be in the limit's own unit, as {entry.amount}, not {each.amount}"
                yield ("limits", i, "raises", j, "amount"), said
        for percent, level in entry.at.items():
            if level.route not in policy.routes:
                yield ("limits", i, "at", f"{percent}%", "route"), _no("route", level.route, policy.routes)


def all_thens(policy: Policy) -> Iterator[tuple[str, int, tuple[Action, ...]]]:
    """What is done with calls that do not fit, of each limit and rate, by its section and place."""
    yield from (("limits", i, entry.then) for i, entry in enumerate(policy.limits))
    yield from (("rates", i, entry.then) for i, entry in enumerate(policy.rates))


def _has_hosts(policy: Policy, provider: str) -> bool:
    return all(entry.hosts or entry.inject is None for entry in policy.credentials[provider])


def _access(policy: Policy) -> Iterator[Wrong]:
    """Names of rules, and defaults, that stand twice."""
    names: dict[str, int] = {}
    default: int | None = None
    for i, entry in enumerate(policy.access):
        if entry.name is not None and (first := names.setdefault(entry.name, i)) != i:
            yield ("access", i, "name"), f"{entry.name} stands twice: it is the name of access[{first}], too"
        if entry.default is not None and default is not None:
            yield ("access", i, "default"), f"stands twice: first in access[{default}]"
        elif entry.default is not None:
            default = i


def _twice(section: str, entries: Sequence[GuardrailEntry | RecordEntry | CacheEntry]) -> Iterator[Wrong]:
    """Names of entries that stand twice."""
    names: dict[str, int] = {}
    for i, entry in enumerate(entries):
        if entry.name is not None and (first := names.setdefault(entry.name, i)) != i:
            why = f"{entry.name} stands twice: it is the name of {section}[{first}], too"
            yield (section, i, "name"), why


def _always(policy: Policy) -> Iterator[Wrong]:
    """Routes that are not there."""
    for i, entry in enumerate(policy.always):
        if entry.route not in policy.routes:
            yield ("always", i, "route"), _no("route", entry.route, policy.routes)
    for i, permission in enumerate(policy.on_request):
        for j, name in enumerate(permission.routes):
            if name not in policy.routes:
                yield ("on_request", i, "routes", j), _no("route", name, policy.routes)


def _networks(policy: Policy) -> Iterator[Wrong]:
    """Networks that stand twice under other names: `::ffff:10.0.0.0/104` is 10.0.0.0/8."""
    for i, source in enumerate(policy.identity):
        try:
            networks({str(network): caller for network, caller in (source.networks or {}).items()})
        except ValueError as e:
            yield ("identity", i, "networks"), str(e)


def _issuers(policy: Policy) -> Iterator[Wrong]:
    """Issuers that stand twice for one place: the first would get all of their tokens."""
    seen: dict[tuple[str | None, str], int] = {}
    for i, source in enumerate(policy.identity):
        kind, one = ("proxy_jwt", source.proxy_jwt) if source.proxy_jwt else ("header_jwt", source.header_jwt)
        if one is None:
            continue
        header = source.header_jwt.header if source.header_jwt is not None else None
        if (first := seen.setdefault((header, one.issuer), i)) != i:
            yield ("identity", i, kind, "issuer"), TWICE.format(first)


def _claims(policy: Policy) -> Iterator[Wrong]:
    """Attributes of limits and access rules that no token gives."""
    there = sorted({f"claim.{name}" for names in policy.claims_in_use() for name in names})
    for way, name in _conditions(policy):
        if name.startswith("claim.") and name not in there:
            yield way, _no("claim", name, there)


def _conditions(policy: Policy) -> Iterator[tuple[Way, str]]:
    """Every attribute that a condition names, and where."""
    for way, match in matches(policy):
        yield from (((*way, name), name) for name in match)
    for section in ("limits", "rates"):
        for i, entry in enumerate(getattr(policy, section)):
            yield from (((section, i, "per"), name) for name in entry.per)


def _routes(policy: Policy, providers: Collection[str]) -> Iterator[Wrong]:
    for name, rules in policy.routes.items():
        for i, said in _circles(rules):
            yield ("routes", name, i, "to"), said
        for i, rule in enumerate(rules):
            for limit in rule.when.left.keys() - {TIGHTEST, *(entry.name for entry in policy.limits)}:
                known = [entry.name for entry in policy.limits]
                yield ("routes", name, i, "when", key_of(limit)), _no("limit", limit, known)
            for way, to in _targets(rule):
                if to != SAME and (provider := to.partition("/")[0]) not in providers:
                    yield ("routes", name, i, *way), _no("provider", provider, providers)


def _targets(rule: RouteRule) -> Iterator[tuple[Way, str]]:
    """Where a rule leads to another provider, and where that stands in it."""
    if isinstance(rule.to, str):
        yield ("to",), rule.to
    elif rule.to is not None:
        yield from ((("to", i), to) for i, to in enumerate(rule.to))
    for place, part in rule.parts:
        for share, to in part.items():
            yield ("split", *place, f"{share}%"), to


def _no(kind: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"no {kind} is called {name!r}; did you mean {near[0]}?"
    if not known:
        return f"no {kind} is called {name!r}: there are none"
    return f"no {kind} is called {name!r}" + (f": there are {', '.join(known)}" if len(known) <= 16 else "")


def _circles(written: Sequence[RouteRule]) -> Iterator[tuple[int, str]]:
    """Rules that lead a model to itself, or by way of others back to where they led first.

    Where calls are split, a share may stay; where something is done when a target fails, or parameters are
    set, all may.
    """
    whole = {
        i: Rule(rule.from_, rule.to)
        for i, rule in enumerate(written)
        if isinstance(rule.to, str) and rule.failing is None
    }
    rules, told = [rule for rule in whole.values() if rule.to != SAME], set[frozenset[str]]()
    for i, rule in whole.items():
        target = None if rule.to == SAME else Target(*rule.to.split("/", 1))
        if target is None or rule.from_.lower() in _names_of(target, rule):
            if not written[i].settings:
                yield i, f"leads {rule.from_} to itself"
        elif target.model != SAME:
            circle = _circle(rules, target)
            if circle and frozenset(circle) not in told:
                told.add(frozenset(circle))
                yield i, f"leads in a circle: {' -> '.join((*circle, circle[0]))}"


def _names_of(target: Target, rule: Rule) -> tuple[str, ...]:
    """What a rule's `from` would be if it meant nothing but its own target."""
    if target.model != SAME:
        return target.model.lower(), str(target).lower()
    return (rule.from_.lower(),) if rule.from_.lower().startswith(f"{target.provider}/") else ()


def _circle(rules: Sequence[Rule], first: Target) -> list[str]:
    """The way from a target back to it, by the first rule each time; empty if it does not lead there."""
    way, here = [str(first)], first
    while (there := resolve(rules, here.provider, here.model)) is not None and str(there) not in way:
        way.append(str(there))
        here = there
    return way if there == first else []
