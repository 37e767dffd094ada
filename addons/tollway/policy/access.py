"""Who may call what: the section `access` of a policy."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tollway.policy.entry import NameText
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.providers.schema import Strict

Match = dict[AttributeName, ConditionText]
"""Which calls: all conditions must be met. Empty: every call."""


def _some(match: Match) -> Match:
    if not match:
        raise ValueError("every call meets it, so that the rule would mean none: leave it out")
    return match


class AccessEntry(Strict):
    """A rule that allows or denies, or what becomes of calls that no rule allows."""

    name: NameText | None = None
    """What refusals and `tollway explain` call it; None: by its place, as access[1]."""
    allow: Match | None = None
    deny: Match | None = None
    unless: Annotated[Match, AfterValidator(_some)] | None = None
    """A call that meets all of it is not meant by this rule."""
    default: Literal["deny"] | None = None
    """`deny`: what no rule allows is refused."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(part is not None for part in (self.allow, self.deny, self.default)) != 1:
            raise ValueError("write exactly one of allow, deny and default")
        if self.default is not None and (self.name is not None or self.unless is not None):
            raise ValueError("the default has neither name nor unless: it is for what no rule allows")
        return self

    @property
    def match(self) -> Match:
        """Which calls it is for."""
        return self.allow or self.deny or {}


Access = Annotated[tuple[AccessEntry, ...], Field(strict=False)]
"""In any order: deny wins over allow."""
