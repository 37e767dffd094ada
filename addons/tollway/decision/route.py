"""A route as a call meets it: its rules in their order, up to the one that sends it somewhere.

Where it goes is found by `routing.resolve.choices`, which finds it of real calls; why it goes nowhere else is
found here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from tollway.decision.led import Led, led
from tollway.decision.stop import Stop
from tollway.decision.unmet import joined, of_when
from tollway.policy.routes import RouteRule
from tollway.routing.circumstances import Circumstances
from tollway.routing.resolve import Choice, Rule, Target, choices, means, stays, targets
from tollway.routing.setting import Settings
from tollway.routing.share import HUNDRED, point_of

OTHERS = "it is about other models"
STAYS = "this share stays where it is"
HERE = "the call is there already"
BEFORE = "the call was there before"


class TargetSeen(Struct, frozen=True, kw_only=True):
    """One target of a rule."""

    target: str
    share: int
    """In percent; 0: it is for calls that those before it fail, or can't take."""
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


class RouteSeen(Led, frozen=True, kw_only=True):
    """One route."""

    name: str
    line: int
    rules: tuple[RuleSeen, ...]
    """Those that were looked at."""


class Looking(Struct, frozen=True, kw_only=True):
    """What a route is looked at for."""

    here: Target
    """Where the call is."""
    tried: Collection[str]
    """Where it may not go, as it was there."""
    circumstances: Circumstances
    who: str | None
    """By whom its share is known."""
    stop: Callable[[Target, Settings], Stop]
    """A target as the call would find it."""
    softly: bool
    """Whether a conversation may wait for it."""


def seen(name: str, line: int, rules: Sequence[tuple[int, RouteRule]], looking: Looking) -> RouteSeen:
    """The route of this name. `line`: where it stands; `rules`: with the line of each."""
    found = list[RuleSeen]()
    for at, written in rules:
        one, where = _rule(name, at, written, looking)
        found.append(one)
        if where is not None:
            return RouteSeen(name=name, line=line, rules=tuple(found), **where.told())
    why = f"no rule of it sends {looking.here} on"
    return RouteSeen(name=name, line=line, rules=tuple(found), why_not=why)


def _rule(name: str, line: int, written: RouteRule, looking: Looking) -> tuple[RuleSeen, Led | None]:
    """A rule, and where the route leads by it; None: that is left to the next one."""
    rule, here = written.as_met, looking.here
    why = joined(of_when(written.when, looking.circumstances))
    if not means(rule.from_, here.provider, here.model):
        why = OTHERS
    if why is not None:
        return RuleSeen(line=line, from_=rule.from_, holds=False, why_not=why), None
    shares = Counter(targets(rule.ways(point), here)[0] for point in range(HUNDRED))
    look = _Look(rule, _point(name, rule, shares, looking), looking)
    listed = tuple(look.targets(shares))
    return RuleSeen(line=line, from_=rule.from_, holds=True, targets=listed), look.led()


def _point(name: str, rule: Rule, shares: Mapping[Target, int], looking: Looking) -> int:
    """Where the call stands among shares; one of nobody in particular in the largest."""
    if looking.who is not None:
        return point_of(name, looking.who)
    largest = max(targets(rule.written, looking.here), key=lambda target: shares[target])
    return next(i for i in range(HUNDRED) if targets(rule.ways(i), looking.here)[0] == largest)


class _Look:
    """A rule that holds for a call."""

    def __init__(self, rule: Rule, point: int, looking: Looking) -> None:
        self._rule = rule
        self._here = here = looking.here
        self._tried = looking.tried
        self._softly = looking.softly
        self._ways = targets(rule.ways(point), here)
        self._stays = stays(rule, self._ways, here)
        self._choice: Choice | None = None
        self._stops: dict[Target, Stop] = {}
        """What was looked at."""
        for choice in choices([rule], here.provider, here.model, looking.tried, point, looking.circumstances):
            stop = self._stops[choice.target] = looking.stop(choice.target, rule.set)
            if stop.why_not is None:
                self._choice = choice
                self._stops |= {target: looking.stop(target, rule.set) for target in choice.rest}
                break

    def led(self) -> Led | None:
        """Where it leads; None: to the next rule."""
        rule, choice = self._rule, self._choice
        if choice is None:
            return Led(why_not=STAYS) if self._stays else None
        then = [self._stops[target] for target in choice.rest]
        remains = choice.target == self._here
        may_wait = self._softly and not rule.at_once and not remains
        return led(self._stops[choice.target], rule.set, rule.failing, then, remains, may_wait)

    def targets(self, shares: Mapping[Target, int]) -> Iterator[TargetSeen]:
        """All of them, in the policy's order; the one that is taken, or where its share stays, is chosen."""
        chosen = self._choice.target if self._choice is not None else None
        if chosen is None and self._stays:
            chosen = self._here
        for target in targets(self._rule.written, self._here):
            yield TargetSeen(
                target=str(target),
                share=shares[target],
                chosen=target == chosen,
                why_not=self._why_not(target),
            )

    def _why_not(self, target: Target) -> str | None:
        if target in self._stops:
            return self._stops[target].why_not
        if self._choice is not None and self._rule.failing is None:
            before = self._ways[: self._ways.index(self._choice.target)]
            if target not in before:
                return None
        if target == self._here:
            return STAYS if self._stays else HERE
        return BEFORE if str(target) in self._tried else None
