"""Where calls come from, and where the policy's routes send them."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from tollway.actions import Kind as Did
from tollway.actions import kinds as actions_of
from tollway.backtest import by
from tollway.backtest.attempt import Attempt
from tollway.backtest.clamping import unclamped
from tollway.backtest.here import Here
from tollway.backtest.kinds import Kinds
from tollway.backtest.load import load, refused_load
from tollway.backtest.pricing import Pricing
from tollway.budget.bucket import Balance
from tollway.budget.left import left_in
from tollway.decision.decide import UNROUTED
from tollway.policy.schema import Policy
from tollway.routing.abilities import context_of
from tollway.routing.circumstances import Circumstances
from tollway.routing.resolve import Rule, Target, choices
from tollway.routing.share import point_of
from tollway.routing.soundness import of_its_operation, unable

ON_REQUEST = " on request"


class Moving:
    """Under one policy. It remembers who serves which model."""

    def __init__(self, policy: Policy, kinds: Kinds, pricing: Pricing) -> None:
        self._kinds = kinds
        self._pricing = pricing
        self._zone = policy.zone
        self._routes: dict[str, list[Rule]] = {
            name: [rule.as_met for rule in rules] for name, rules in policy.routes.items()
        }
        self._homes: dict[str | None, str] = {}
        """The provider that calls of a model went to which nothing moved."""

    def note(self, attempt: Attempt) -> None:
        """Remember where a call went that nothing was done to."""
        self._homes[attempt.model] = attempt.provider

    def first(self, attempt: Attempt, now_us: int) -> Here:
        """The call as its client sent it, as far as that is known."""
        target, found = recorded_target(attempt), self._recorded(attempt, now_us)
        done = actions_of(attempt.action)
        if not done or Did.AFTER in done:
            return found
        asked = self._asked(attempt, done)
        if asked is not None:
            return self._at(attempt, asked, found, now_us)
        if Did.CLAMP in done and (bound := unclamped(attempt, done[Did.CLAMP])) is not None:
            return found._replace(load=self._pricing.bounded(attempt, target, found.load, bound))
        return found

    def sent(
        self,
        attempt: Attempt,
        first: Here,
        here: Here,
        name: str,
        tried: Collection[str] = (),
        balances: Sequence[Balance] = (),
        now_us: int = 0,
    ) -> Here | None:
        """The call where a route sends it; as it is: there it is already; None: nowhere.

        `tried`: where it may not go; `balances`: of the buckets that it counts in where it is. Its
        conversation's prompt cache keeps it from nothing.
        """
        if not attempt.is_metered or attempt.operation in UNROUTED:
            return None
        if attempt.is_hit and here.kind.is_cached:  # no provider is asked
            return None
        rules = self._routes[name]
        share = point_of(name, _whose(attempt)) if any(rule.others for rule in rules) else 0
        asks = any(rule.when is not None for rule in rules)
        call = self._circumstances(attempt, here, balances) if asks else None
        for choice in choices(rules, here.target.provider, here.target.model, tried, share, call):
            if choice.target in (here.target, first.target):
                return here if choice.target == here.target else first
            if (there := self._sound(attempt, choice.target, first, now_us)) is not None:
                return there
        return None

    def renewed(self, attempt: Attempt, here: Here, now_us: int) -> Here:
        """As it is now: as if it came now, once a window or a raise has ended."""
        if now_us < here.kind.end_us:
            return here
        target = None if here.target == recorded_target(attempt) else here.target
        return here._replace(kind=self._kinds.of(attempt.who, now_us, target))

    def _sound(self, attempt: Attempt, target: Target, first: Here, now_us: int) -> Here | None:
        """The call at a target, if it can go there as far as a row tells."""
        context = context_of(target.provider, target.model)
        if unable(target.model, {}, attempt.input_tokens, context, ()) or of_its_operation(
            attempt.operation, target.model, first.target.model
        ):
            return None
        there = self._at(attempt, target, first, now_us)
        denied = there.kind.denied
        return None if denied is not None and denied.kind == by.ACCESS else there

    def _at(self, attempt: Attempt, target: Target, first: Here, now_us: int) -> Here:
        if target == recorded_target(attempt):
            return self._recorded(attempt, now_us)
        kind = self._kinds.of(attempt.who, now_us, target)
        found = self._pricing.load_at(attempt, target)
        if attempt.refusal is not None:
            found = found._replace(charges=first.load.charges)
        return Here(target, kind, found)

    def _recorded(self, attempt: Attempt, now_us: int) -> Here:
        """The call where its row has it."""
        kind = self._kinds.of(attempt.who, now_us)
        was_refused = attempt.refusal is not None
        found = refused_load(attempt) if was_refused else load(attempt, kind.is_cached)
        return Here(recorded_target(attempt), kind, found)

    def _asked(self, attempt: Attempt, done: dict[Did, str]) -> Target | None:
        """What the client asked for, of a call that a route moved; None: it did not, or nobody knows."""
        said, model = done.get(Did.ROUTE), attempt.model_asked
        if said is None or said.endswith(ON_REQUEST) or not model:
            return None
        asked = Target(self._homes.get(model, attempt.provider), model)
        if asked == recorded_target(attempt):
            return None
        return asked if model in self._homes or self._pricing.knows(attempt, asked) else None

    def _circumstances(self, attempt: Attempt, here: Here, balances: Sequence[Balance]) -> Circumstances:
        """What a row has not, tools and pictures, is not there."""
        return Circumstances(
            attributes=here.kind.known,
            at=datetime.fromtimestamp(attempt.started_us // 1_000_000, UTC).astimezone(self._zone),
            size=attempt.request_bytes,
            stream=bool(attempt.stream),
            body={},
            left=left_in(balances),
        )


def recorded_target(attempt: Attempt) -> Target:
    """Where it went."""
    return Target(attempt.provider, attempt.model or "")


def _whose(attempt: Attempt) -> str:
    """As `share.whose`."""
    named = attempt.session or attempt.user or attempt.service or attempt.credential
    return named or attempt.client or attempt.id
