"""All that a policy decides of a call, in its order: access, routes, limits, rates."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from tollway.access.explained import Explained, explained
from tollway.budget.attributes import Value
from tollway.budget.bucket import Enforce
from tollway.decision import limit, route
from tollway.decision.cached import CachedSeen, cached
from tollway.decision.call import Call
from tollway.decision.guarded import GuardedSeen, guarded
from tollway.decision.kept import KeptSeen, kept
from tollway.decision.led import Led
from tollway.decision.limit import LimitSeen, is_reached
from tollway.decision.rate import RateSeen, rate_seen
from tollway.decision.route import Looking, RouteSeen
from tollway.decision.stop import Stops
from tollway.decision.unmet import joined, of_match
from tollway.model import BATCH, RETRIEVE, Kind
from tollway.policy.document import Way
from tollway.policy.entry import LimitEntry
from tollway.policy.index import Index
from tollway.policy.limits import Limits
from tollway.policy.on_request import Permissions, why_not
from tollway.policy.schema import Policy
from tollway.providers.registry import Registry
from tollway.routing.resolve import Target

UNROUTED = frozenset({RETRIEVE, BATCH, Kind.UNKNOWN.value})
"""Operations of which no route moves a call."""

Lines = Callable[[Way], int]
"""The line of the policy's file that a value begins in."""


class Step(Struct, frozen=True, kw_only=True):
    """One thing that may send the call on."""

    by: str
    """The entry, as `always[0]`, or the limit whose level it is."""
    line: int
    at: str | None = None
    """The level, `80%`."""
    why_not: str | None = None
    """Why it is not for this call."""
    route: RouteSeen | None = None
    """None: it is not for this call."""


class Decision(Struct, frozen=True, kw_only=True):
    """What becomes of the call."""

    access: Explained
    """Where it was asked for."""
    refused: str | None = None
    """Why it does not get the route that it asks for, which refuses the call."""
    who: str | None = None
    """By whom its share of a split is known."""
    target: str | None = None
    """`provider/model`; None: nobody said, or it does not leave."""
    steps: tuple[Step, ...] = ()
    limits: tuple[LimitSeen, ...] = ()
    """Those of the target; ..."""
    rates: tuple[RateSeen, ...] = ()
    """... and its rates."""
    guarded: tuple[GuardedSeen, ...] = ()
    """The guardrails that are about it as it comes."""
    cached: CachedSeen | None = None
    """Whether its answer is kept and given again, as it comes; None: nothing says so."""
    kept: KeptSeen | None = None
    """Which of its texts are; None: none."""

    @property
    def is_allowed(self) -> bool:
        """Whether it may leave, if its limits admit it."""
        return self.access.verdict.allowed and self.refused is None

    @property
    def sent(self) -> Led:
        """Where the last step that sends it on does so: what an earlier one sets or tries holds no more."""
        found = [step.route for step in self.steps if step.route is not None and step.route.leads_to]
        return found[-1] if found else Led()


def decide(policy: Policy, call: Call, lines: Lines, registry: Registry) -> Decision:
    """What a sound policy makes of a call. `registry`: the providers, the policy's own among them."""
    access = explained(policy, call.attributes, call.models)
    if not access.verdict.allowed:
        return Decision(access=access, who=call.who)
    refused = None
    if call.wish is not None:
        refused = why_not(call.wish, Permissions(policy.on_request).of(call.attributes))
    if refused is not None:
        return Decision(access=access, who=call.who, refused=refused)
    return _Deciding(policy, call, lines, Stops(policy, call, registry)).run(access)


class _Deciding:
    """One call's way. Each instance is run once."""

    def __init__(self, policy: Policy, call: Call, lines: Lines, stops: Stops) -> None:
        self._policy = policy
        self._call = call
        self._lines = lines
        self._stops = stops
        self._limits = Limits(policy)
        self._places = {entry.name: place for place, entry in enumerate(policy.limits)}
        self._tried: tuple[str, ...] = ()
        """Where it was before."""
        self._steps: list[Step] = []
        self._come_to: set[tuple[str, int]] = set()
        """Levels, by limit."""

    def run(self, access: Explained) -> Decision:
        here, known = self._call.target, self._call.known
        if here is not None and self._call.attributes.get("operation") not in UNROUTED:
            here = self._degraded(self._sent(here))
            known = self._call.known_at(here)
        return Decision(
            access=access,
            who=self._call.who,
            target=str(here) if here is not None else None,
            steps=tuple(self._steps),
            limits=tuple(self._limit(entry, here) for entry in self._met(known)),
            rates=tuple(self._rate(i, here) for i in self._rated(known)),
            guarded=guarded(self._policy, self._call.known, self._lines),
            cached=cached(self._policy, self._call.known, self._lines),
            kept=kept(self._policy, known, self._lines),
        )

    def _sent(self, here: Target) -> Target:
        """Where what it asks for sends it, else `always`."""
        for step in self._first(here):
            self._steps.append(step)
            if step.route is not None and step.route.leads_to is not None:
                return self._moved(here, step.route.leads_to)
        return here

    def _first(self, here: Target) -> Iterator[Step]:
        known = self._call.known_at(here)
        if (wish := self._call.wish) is not None:
            place = next(
                i
                for i, entry in enumerate(self._policy.on_request)
                if wish in entry.routes and not of_match(entry.match, known)
            )
            line = self._lines(("on_request", place))
            yield Step(by=f"on_request[{place}]", line=line, route=self._look(wish, here, softly=False))
        for i, entry in enumerate(self._policy.always):
            why, line = joined(of_match(entry.match, known)), self._lines(("always", i))
            found = self._look(entry.route, here, softly=True) if why is None else None
            yield Step(by=f"always[{i}]", line=line, why_not=why, route=found)

    def _degraded(self, here: Target) -> Target:
        """Where the levels send it that its limits have come to."""
        for entry in self._met(self._call.known_at(here)):
            for percentage in self._reached(entry):
                found = self._look(entry.at[percentage].route, here, softly=True, on=True)
                at = f"{percentage}%"
                line = self._lines(("limits", self._places[entry.name], "at", at))
                self._steps.append(Step(by=entry.name, line=line, at=at, route=found))
                if found.leads_to is not None:
                    return self._degraded(self._moved(here, found.leads_to))
        return here

    def _reached(self, entry: LimitEntry) -> list[int]:
        """The highest first; each is come to once."""
        left = self._call.left_of(entry.name)
        found = [
            each
            for each in sorted(entry.at, reverse=True)
            if is_reached(each, left)
            and entry.enforce is not Enforce.SHADOW
            and (entry.name, each) not in self._come_to
        ]
        self._come_to |= {(entry.name, each) for each in found}
        return found

    def _moved(self, here: Target, to: str) -> Target:
        self._tried = (*self._tried, str(here))
        return Target(*to.split("/", 1))

    def _met(self, known: Mapping[str, Value]) -> list[LimitEntry]:
        """The limits that it meets, in the policy's order."""
        return [self._policy.limits[self._places[each.name]] for each in self._limits.matching(known)]

    def _look(self, name: str, here: Target, softly: bool, on: bool = False) -> RouteSeen:
        """The route for the call here. `softly`: a conversation may wait for it; `on`: it may not stay here,
        but for what is set."""
        met = {entry.name: entry.enforce for entry in self._met(self._call.known_at(here))}
        looking = Looking(
            here=here,
            tried=(*self._tried, str(here)) if on else self._tried,
            circumstances=self._call.circumstances(here, met),
            who=self._call.who,
            stop=self._stops.at,
            softly=softly,
        )
        rules = [(self._lines(("routes", name, i)), rule) for i, rule in enumerate(self._policy.routes[name])]
        return route.seen(name, self._lines(("routes", name)), rules, looking)

    def _limit(self, entry: LimitEntry, here: Target | None) -> LimitSeen:
        line = self._lines(("limits", self._places[entry.name]))
        return limit.seen(entry, line, self._call.left_of(entry.name), self._look_from(here))

    def _rated(self, known: Mapping[str, Value]) -> tuple[int, ...]:
        """The places of the rates that it meets."""
        return tuple(Index([entry.match for entry in self._policy.rates]).find(known))

    def _rate(self, place: int, here: Target | None) -> RateSeen:
        return rate_seen(self._policy.rates[place], self._lines(("rates", place)), self._look_from(here))

    def _look_from(self, here: Target | None) -> limit.Look | None:
        """Where a route of a limit or a rate would send the call."""
        return None if here is None else lambda name, softly: self._look(name, here, softly, on=True)
