"""A route as a call meets it: its rules in their order, up to the one that sends it somewhere."""

from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tollway.decision.unmet import joined, of_when
from tollway.policy.routes import RouteRule
from tollway.routing.circumstances import Circumstances
from tollway.routing.resolve import SAME, Rule, Target, means
from tollway.routing.share import point_of

OTHERS = "it is about other models"
STAYS = "this share stays where it is"
HERE = "the call is there already"
BEFORE = "the call was there before"


class TargetSeen(Struct, frozen=True, kw_only=True):
    """One target of a rule."""

    target: str
    share: int
    """In percent."""
    chosen: bool = False
    why_not: str | None = None
    """Why it can't go there, as far as that was looked at."""


class RuleSeen(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One rule."""

    line: int
    from_: str
    holds: bool
    why_not: str | None = None
    targets: tuple[TargetSeen, ...] = ()
    """Of a rule that holds."""


class RouteSeen(Struct, frozen=True, kw_only=True):
    """One route."""

    name: str
    line: int
    leads_to: str | None
    """`provider/model`."""
    why_not: str | None
    """Why it leads nowhere."""
    rules: tuple[RuleSeen, ...]
    """Those that were looked at."""


class Looking(Struct, frozen=True, kw_only=True):
    """What a route is looked at for."""

    here: Target
    """Where the call is."""
    tried: Collection[str]
    """Where it was before."""
    circumstances: Circumstances
    who: str | None
    """By whom its share is known."""
    denied: Callable[[Target], str | None]
    """Why a target does not admit it."""


def seen(name: str, line: int, rules: Sequence[tuple[int, RouteRule]], looking: Looking) -> RouteSeen:
    """The route of this name. `line`: where it stands; `rules`: with the line of each."""
    found = list[RuleSeen]()
    for at, rule in rules:
        one = _rule(name, at, rule, looking)
        found.append(one)
        chosen = next((target for target in one.targets if target.chosen), None)
        if chosen is not None and chosen.why_not is None:
            return RouteSeen(name=name, line=line, leads_to=chosen.target, why_not=None, rules=tuple(found))
        if chosen is not None:
            return RouteSeen(name=name, line=line, leads_to=None, why_not=STAYS, rules=tuple(found))
    why = f"no rule of it sends {looking.here} on"
    return RouteSeen(name=name, line=line, leads_to=None, why_not=why, rules=tuple(found))


def _rule(name: str, line: int, rule: RouteRule, looking: Looking) -> RuleSeen:
    here = looking.here
    if not means(rule.from_, here.provider, here.model):
        return RuleSeen(line=line, from_=rule.from_, holds=False, why_not=OTHERS)
    if (why := joined(of_when(rule.when, looking.circumstances))) is not None:
        return RuleSeen(line=line, from_=rule.from_, holds=False, why_not=why)
    return RuleSeen(line=line, from_=rule.from_, holds=True, targets=_targets(name, rule, looking))


def _targets(name: str, rule: RouteRule, looking: Looking) -> tuple[TargetSeen, ...]:
    """All of them, in the policy's order; the one that is taken, or where its share stays, is chosen."""
    found = {
        to: TargetSeen(target=str(_target(to, looking.here)), share=share) for share, to in _shares(rule)
    }
    for first, to in enumerate(_ways(name, rule, looking.who)):
        target = _target(to, looking.here)
        stays = target == looking.here and not first and len(rule.shares) > 1
        why = STAYS if stays else _why_not(target, looking)
        found[to] = replace(found[to], chosen=stays or why is None, why_not=why)
        if found[to].chosen:
            break
    return tuple(found.values())


def _shares(rule: RouteRule) -> Iterator[tuple[int, str]]:
    """Each target once, with all shares that it has."""
    for target in dict.fromkeys(to for _, to in rule.shares):
        yield sum(share for share, to in rule.shares if to == target), target


def _ways(name: str, rule: RouteRule, who: str | None) -> Sequence[str]:
    """Its targets, in the order in which they are tried; of nobody in particular the largest share first."""
    if who is None:
        return [to for _, to in sorted(_shares(rule), key=lambda pair: -pair[0])]
    (_, to), *others = rule.shares
    return Rule(rule.from_, to, tuple(others)).ways(point_of(name, who))


def _why_not(target: Target, looking: Looking) -> str | None:
    if target == looking.here:
        return HERE
    return BEFORE if str(target) in looking.tried else looking.denied(target)


def _target(to: str, here: Target) -> Target:
    provider, _, model = to.partition("/")
    return Target(provider, here.model if model == SAME else model)
