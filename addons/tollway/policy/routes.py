"""Where calls may be moved to: the section `routes` of a policy."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)

from tollway.policy.entry import NameText
from tollway.policy.failures import USUAL, BreakerEntry, BreakerText, Failures, failing
from tollway.policy.settings import SetEntry
from tollway.policy.some import some
from tollway.policy.when import When, holds
from tollway.providers.schema import Strict
from tollway.routing.failing import Failing
from tollway.routing.resolve import SAME, Rule
from tollway.routing.setting import Settings


def _target(value: str) -> str:
    provider, slash, model = value.partition("/")
    if value == SAME:
        return value
    if (
        not slash
        or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", provider)
        or not model
        or model != model.strip()
    ):
        raise ValueError(f"write the target as provider/model, as openai/gpt-5-mini, not {value[:60]!r}")
    if "*" in model or "?" in model:
        raise ValueError(f"a target is one model, not a pattern, as {value[:60]!r} is")
    return value


def _once(targets: tuple[str, ...]) -> tuple[str, ...]:
    for i, one in enumerate(targets):
        if one in targets[:i]:
            raise ValueError(f"{one} stands twice: retries says how often a target is tried again")
    return targets


def _share(value: Any) -> int:
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[1]) <= ALL:
        raise ValueError("write the share as a whole percentage of 1% to 100%")
    return int(found[1])


ALL = 100
MOST_RETRIES = 5
SEVERAL = 2
_SHARE = re.compile(r"([1-9][0-9]{0,2})%")
TargetText = Annotated[str, AfterValidator(_target)]
ShareText = Annotated[
    int, BeforeValidator(_share), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}%$"})
]
Targets = Annotated[tuple[TargetText, ...], Field(strict=False), AfterValidator(some), AfterValidator(_once)]
ToText = Annotated[
    Annotated[TargetText, Tag("one")] | Annotated[Targets, Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list | tuple) else "one"),
]
"""`openai/gpt-5`, or a list of targets of which each is tried when those before it fail."""
Shares = dict[ShareText, TargetText]
SplitText = Annotated[
    Annotated[Shares, Tag("one")] | Annotated[tuple[Shares, ...], Field(strict=False), Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list | tuple) else "one"),
]
"""`{90%: openai/gpt-5, 10%: groq/openai/gpt-oss-120b}`, or a list of such where shares are equal."""


class RouteRule(Strict):
    """Which models a route moves, and to which."""

    model_config = ConfigDict(populate_by_name=False)

    from_: Annotated[str, StringConstraints(min_length=1, max_length=256)] = Field(alias="from")
    """A model or pattern (`*`, `?`), with `provider/` in front or without; in any case."""
    when: When = When()
    """What else a call has to be, for the rule to hold."""
    to: ToText | None = None
    """`provider/model`; `provider/same` keeps the model, `same` the provider, too. A list: each is tried when
    those before it fail."""
    split: SplitText | None = None
    """Shares of the calls, each with its target. A conversation stays with its own."""
    set: SetEntry | None = None
    """Parameters that are changed in what it sends there, or leaves where it is."""
    cache: Literal["keep", "ignore"] = "keep"
    """Whether a conversation is moved only when it does not lose more of its prompt cache than that saves."""
    on: Failures | None = None
    """What counts as a failure of a target, so that it is tried again, or the next one is."""
    retries: Annotated[int, Field(ge=0, le=MOST_RETRIES)] = 0
    """How often each target is tried again before the next one."""
    breaker: BreakerText = BreakerEntry()
    """When a target that keeps failing is left alone for a while; `none`: never."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.to is None) is (self.split is None):
            raise ValueError("say either to or split")
        if self.split is not None and (all := sum(share for share, _ in self.shares)) != ALL:
            raise ValueError(f"the shares come to {all}%, and not to {ALL}%")
        return self

    @property
    def chain(self) -> tuple[str, ...]:
        """The targets of `to`, in the order in which they are tried."""
        return self.to if isinstance(self.to, tuple) else () if self.to is None else (self.to,)

    @property
    def failing(self) -> Failing | None:
        """What is done when a target fails; None: nothing."""
        if self.on is None and not self.retries and len(self.chain) < SEVERAL:
            return None
        return failing(USUAL if self.on is None else self.on, self.retries, self.breaker)

    @property
    def settings(self) -> Settings:
        """What it sets."""
        return self.set.settings if self.set is not None else ()

    @property
    def shares(self) -> tuple[tuple[int, str], ...]:
        """Every target with its share, in percent: of a chain, the first."""
        if self.to is not None:
            return ((ALL, self.chain[0]),)
        return tuple(pair for _, part in self.parts for pair in part.items())

    @property
    def parts(self) -> tuple[tuple[tuple[int, ...], Mapping[int, str]], ...]:
        """What `split` has, each with its place in a list, if there is one."""
        if isinstance(self.split, dict):
            return (((), self.split),)
        return tuple(((i,), part) for i, part in enumerate(self.split or ()))

    @property
    def as_met(self) -> Rule:
        """As calls meet it."""
        (_, to), *others = self.shares
        return Rule(
            self.from_,
            to,
            tuple(others),
            holds(self.when) if self.when != When() else None,
            more=self.chain[1:],
            failing=self.failing,
            set=self.settings,
            reads=self.when.reads,
            at_once=self.cache == "ignore",
        )


Routes = dict[NameText, Annotated[tuple[RouteRule, ...], Field(strict=False), AfterValidator(some)]]
"""By name: rules of which the first that matches holds."""
