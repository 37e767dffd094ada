"""Which target a route's rules send a model to, and which others when that one fails."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from fnmatch import translate
from functools import lru_cache

from msgspec import Struct

from tollway.bound.capacity import LONGEST
from tollway.routing.circumstances import Circumstances
from tollway.routing.failing import Failing
from tollway.routing.setting import Settings

SAME = "same"
"""The model's name in a target that keeps it: `bedrock-mantle/same`; alone it is where a call is already."""


class Target(Struct, frozen=True):
    """A model of a provider."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"


class Rule(Struct, frozen=True):
    """One entry of a route: `{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}`."""

    from_: str
    """A glob of `provider/model`, or of the model alone; case does not matter."""
    to: str
    """`provider/model`; the model may have slashes of its own, or be `same`."""
    others: tuple[tuple[int, str], ...] = ()
    """Targets that have a share of the calls, in percent; `to` has the rest."""
    when: Callable[[Circumstances], bool] | None = None
    """Whether it holds for a call; None: for every one."""
    more: tuple[str, ...] = ()
    """Targets that are tried when `to` fails, in this order."""
    failing: Failing | None = None
    """What is done when a target fails; None: nothing."""
    set: Settings = ()
    """What it changes of the requests that it sends somewhere, or leaves where they are."""
    reads: bool = False
    """Whether its `when` asks what only a request's body, or its limits, tell."""
    at_once: bool = False
    """Whether it moves conversations whatever they lose of a prompt cache."""

    def holds(self, call: Circumstances | None) -> bool:
        """Whether its `when` is met; None: it may be."""
        return self.when is None or call is None or self.when(call)

    def ways(self, point: int) -> tuple[str, ...]:
        """Its targets: of shares first the one in which a point, of 0 to 99, is; then the others."""
        end = 0
        for share, to in self.others:
            end += share
            if point < end:
                return (to, self.to, *(other for _, other in self.others if other != to))
        return self.written

    @property
    def written(self) -> tuple[str, ...]:
        """Its targets as they stand in the policy."""
        return (self.to, *(other for _, other in self.others), *self.more)


class Choice(Struct, frozen=True):
    """Where a rule sends a call."""

    target: Target
    rule: Rule
    """The rule that says so."""
    rest: tuple[Target, ...] = ()
    """Where it goes when that fails, in this order."""


def choices(
    rules: Sequence[Rule],
    provider: str,
    model: str | None,
    tried: Collection[str] = (),
    point: int = 0,
    call: Circumstances | None = None,
    rests: Callable[[Target], bool] = lambda target: False,
) -> Iterator[Choice]:
    """Where all rules that mean this model send it, in their order.

    Nowhere where it was before: `tried` has the texts of targets, `provider/model`. Where it is already only
    if the rule says what is to be done when that fails, or sets something, which it does even there. A call
    without a model goes nowhere, nor does one whose share stays. `point`: where it stands among shares;
    `call`: what rules may ask of it; None: each may hold. `rests`: whether a target is left alone for now, so
    that those that are not go first.
    """
    if not model:
        return
    here, seen = Target(provider, model), set[tuple[Target, Settings]]()
    for rule in rules:
        if not means(rule.from_, provider, model) or not rule.holds(call):
            continue
        found = targets(rule.ways(point), here)
        ends = stays(rule, found, here)
        if ends and rule.failing is None and not rule.set:
            return
        found = [target for target in dict.fromkeys(found) if _is_open(rule, target, here, tried)]
        if rule.failing is not None:
            found.sort(key=rests)
        for i, target in enumerate(found):
            if (target, rule.set) not in seen:
                seen.add((target, rule.set))
                yield Choice(target, rule, tuple(found[i + 1 :]) if rule.failing else ())
        if ends:
            return


def keepers(rules: Sequence[Rule], provider: str, model: str) -> Iterator[Choice]:
    """The targets that a call's conversation may stay with although no rule sends it there any more.

    Those of the rules that mean the model, whatever else they ask, and whatever its share is by now.
    """
    for rule in rules:
        if not rule.at_once and means(rule.from_, provider, model):
            yield from (Choice(_target(to, Target(provider, model)), rule) for to in rule.ways(0))


def _is_open(rule: Rule, target: Target, here: Target, tried: Collection[str]) -> bool:
    """Whether a rule may send a call from here to this target of its own."""
    if target == here and rule.set:
        return True
    return str(target) not in tried and (target != here or rule.failing is not None)


def targets(written: Sequence[str], here: Target) -> list[Target]:
    """What these texts say of a call that is here; each target once, however often it is named."""
    return list(dict.fromkeys(_target(to, here) for to in written))


def stays(rule: Rule, found: Sequence[Target], here: Target) -> bool:
    """Whether a call's share of a split is to stay here, so that no later rule sends it on. `found`: the
    rule's targets for it."""
    return bool(rule.others) and found[0] == here


def _target(to: str, here: Target) -> Target:
    if to == SAME:
        return here
    provider, _, other = to.partition("/")
    return Target(provider, here.model if other == SAME else other)


def resolve(
    rules: Sequence[Rule], provider: str, model: str | None, tried: Collection[str] = ()
) -> Target | None:
    """The target of the first of the `choices`; None if there is none."""
    first = next(choices(rules, provider, model, tried), None)
    return first.target if first is not None else None


def means(glob: str, provider: str, model: str) -> bool:
    """Whether the glob is of this model, or of `provider/model`; `*` stands for slashes, too."""
    # Clients choose models, and each is remembered: none of megabytes is.
    return (_means if len(model) <= LONGEST else _means.__wrapped__)(glob, provider, model)


@lru_cache(maxsize=4096)
def _means(glob: str, provider: str, model: str) -> bool:
    pattern = _pattern(glob)
    return bool(pattern.match(model) or pattern.match(f"{provider}/{model}"))


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob.replace("[", "[[]")), re.IGNORECASE)
