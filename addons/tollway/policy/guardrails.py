"""What is not to leave, and what becomes of it: the section `guardrails` of a policy."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from tollway.guardrails import kinds
from tollway.guardrails.words import compiled
from tollway.policy import allowance
from tollway.policy.allowance import AllowanceText
from tollway.policy.entry import NameText
from tollway.policy.pattern import AttributeName, ConditionText
from tollway.policy.several import one_or_several
from tollway.providers.schema import Strict

MOST_WORDS = 10_000
LONGEST_WORD = 200
SHORTEST_WORD = 2
MOST_PATTERNS = 100
MOST_THRESHOLD = 10_000

Do = Literal["flag", "redact", "block"]


def _word(text: str) -> str:
    if not SHORTEST_WORD <= len(text.strip()) <= LONGEST_WORD:
        raise ValueError(f"write a word of {SHORTEST_WORD} to {LONGEST_WORD} characters")
    return text.strip()


def _pattern(text: str) -> str:
    compiled(text)
    return text


KindName = Annotated[str, AfterValidator(kinds.check)]
Several = BeforeValidator(one_or_several, json_schema_input_type=str | list[str])
Count = Annotated[int, Field(ge=1, le=MOST_THRESHOLD)]


class GuardrailEntry(Strict):
    """What is looked for, in which calls, and what is done when it is found."""

    model_config = ConfigDict(populate_by_name=False)

    name: NameText | None = None
    """What refusals, the ledger and alerts call it; None: by its place, as guardrails[1]."""
    find: Annotated[tuple[KindName, ...], Several, Field(strict=False)] = ()
    """`secrets`, `personal`, or kinds of them: github_token, card, email ..."""
    words: Annotated[tuple[Annotated[str, AfterValidator(_word)], ...], Several, Field(strict=False)] = Field(
        default=(), max_length=MOST_WORDS
    )
    """Your own, in any case, found where they stand as words; their kind is the guardrail's name."""
    patterns: Annotated[tuple[Annotated[str, AfterValidator(_pattern)], ...], Several] = Field(
        default=(), max_length=MOST_PATTERNS, strict=False
    )
    """Your own regular expressions (RE2), likewise."""
    in_: Literal["request", "response", "both"] = Field(default="request", alias="in")
    """What is looked through: what goes to the provider, what comes back, or both."""
    match: dict[AttributeName, ConditionText] = Field(default={})
    """Which calls: all conditions must be met. Empty: every call."""
    do: Do
    """With what is certain: a vendor's shape, a checksum that is right, your own words."""
    generic: Do | Literal["ignore"] = "flag"
    """With what only looks like one, by what stands around it."""
    at_least: Count | dict[str, Count] = 1
    """So many different values in one text to be looked through, else nothing is done; or by kind."""
    allow: Annotated[tuple[AllowanceText, ...], BeforeValidator(allowance.one_or_several)] = Field(
        default=(), strict=False
    )
    """Values that are to pass."""
    unscanned: Literal["pass", "flag", "block"] = "flag"
    """Pictures, sounds and documents in a request, which nothing here reads."""
    restore: bool = False
    """Puts back into the answer what was redacted of its request."""
    never_into: Annotated[tuple[str, ...], Several, Field(strict=False)] = ()
    """Tools, by name or pattern, whose arguments nothing is put back into."""
    shadow: bool = False
    """Only say what would have been done."""

    @model_validator(mode="after")
    def _finds_something(self) -> Self:
        if not (self.find or self.words or self.patterns):
            raise ValueError("write what to look for: find, words or patterns")
        if (self.words or self.patterns) and self.name is None:
            raise ValueError("words and patterns need a name, which is the kind that they are found as")
        if isinstance(self.at_least, dict):
            for kind in self.at_least:
                if kind != self.name:
                    kinds.check(kind)
        return self

    @model_validator(mode="after")
    def _restores_what_it_redacts(self) -> Self:
        redacts = "redact" in (self.do, self.generic) and self.in_ != "response"
        if self.restore and not redacts:
            raise ValueError("restore puts back what was redacted of requests: this guardrail redacts none")
        if self.never_into and not self.restore:
            raise ValueError("never_into is about what restore puts back: write restore: true, too")
        return self


Guardrails = Annotated[tuple[GuardrailEntry, ...], Field(strict=False)]
"""In any order: all that match a call are about it, and of what they would do the strictest is done."""
