"""Which target a route's rules send a model to."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from fnmatch import translate
from functools import lru_cache

from msgspec import Struct

from tollway.routing.circumstances import Circumstances

SAME = "same"
"""The model's name in a target that keeps it: `bedrock-mantle/same`."""


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

    def holds(self, call: Circumstances) -> bool:
        """Whether its `when` is met."""
        return self.when is None or self.when(call)

    def ways(self, point: int) -> tuple[str, ...]:
        """Its targets: first the one in whose share a point, of 0 to 99, is; then the others."""
        end = 0
        for share, to in self.others:
            end += share
            if point < end:
                return (to, self.to, *(other for _, other in self.others if other != to))
        return (self.to, *(other for _, other in self.others))


def targets(
    rules: Sequence[Rule],
    provider: str,
    model: str | None,
    tried: Collection[str] = (),
    point: int = 0,
    call: Circumstances | None = None,
) -> Iterator[Target]:
    """The targets of all rules that mean this model, in their order.

    Neither where it is already, nor where it was before: `tried` has their texts, `provider/model`. A call
    without a model has no targets, nor has one whose share stays; `point`: where it stands among shares;
    `call`: what rules may ask of it; None: each may hold.
    """
    if not model:
        return
    here = Target(provider, model)
    seen = {*tried, str(here)}
    for rule in rules:
        if not means(rule.from_, provider, model) or not (call is None or rule.holds(call)):
            continue
        found = [_target(to, model) for to in rule.ways(point)]
        if rule.others and found[0] == here:
            return  # its share is to stay
        for target in found:
            if str(target) not in seen:
                seen.add(str(target))
                yield target


def _target(to: str, model: str) -> Target:
    provider, _, other = to.partition("/")
    return Target(provider, model if other == SAME else other)


def resolve(
    rules: Sequence[Rule], provider: str, model: str | None, tried: Collection[str] = ()
) -> Target | None:
    """The first of the `targets`; None if there is none."""
    return next(targets(rules, provider, model, tried), None)


def means(glob: str, provider: str, model: str) -> bool:
    """Whether the glob is of this model, or of `provider/model`; `*` stands for slashes, too."""
    pattern = _pattern(glob)
    return bool(pattern.match(model) or pattern.match(f"{provider}/{model}"))


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(translate(glob.replace("[", "[[]")), re.IGNORECASE)
