"""Which target a route's rules send a model to."""

import re
from collections.abc import Collection, Iterator, Sequence
from fnmatch import translate
from functools import lru_cache

from msgspec import Struct

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


def check_to(text: str) -> str:
    """The text itself if it names a target; a ValueError that says what is wrong with it if not."""
    provider, _, model = text.partition("/")
    if not (provider and model) or text != text.strip():
        raise ValueError(f"{text!r} is no target: write provider/model, or provider/{SAME} to keep the model")
    return text


def targets(
    rules: Sequence[Rule], provider: str, model: str | None, tried: Collection[str] = ()
) -> Iterator[Target]:
    """The targets of all rules that mean this model, in their order.

    Neither where it is already, nor where it was before: `tried` has their texts, `provider/model`. A call
    without a model has no targets.
    """
    if not model:
        return
    seen = {*tried, f"{provider}/{model}"}
    for rule in rules:
        if means(rule.from_, provider, model):
            name, _, other = rule.to.partition("/")
            target = Target(name, model if other == SAME else other)
            if str(target) not in seen:
                seen.add(str(target))
                yield target


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
