"""What an operator writes under `prices:` in a policy: agreed prices, discounts, models that no list knows.

Each entry says when it holds (all of `provider`, `model`, `host`, `tier`, `from`, `until`), and one thing:

    prices:
      # Agreed prices, dated. What is not given keeps the list's price; what is given is charged as written,
      # in every region. Tokens and characters are per 1M, searches and tool calls per 1,000, the rest each.
      - {model: "gpt-6-sol*", from: 2026-10-01, until: 2027-09-30, input: 1.60, output: 8.00}
      - {model: "claude-*", web_searches: 8.00, cache_read: 0.10, cache_write: 2.50, cache_write_1h: 4.00}

      # A discount on all that a provider, or a model, costs. A negative one is a surcharge: an Azure resource
      # whose deployments are in a data zone, say.
      - {provider: anthropic, discount: 12%}
      - {provider: azure, host: "contoso-eu.openai.azure.com", discount: -10%}

      # A server of one's own: it costs nothing, but for one model.
      - {provider: internal-vllm, free: true}
      - {provider: internal-vllm, model: llama-4-finetuned, input: 0.20, output: 0.60, request: 0.0001}

      # What is not billed by tokens: images, sound by the second, speech by the character, pages.
      - {provider: internal-media, model: painter, image: 0.02}
      - {provider: internal-media, model: "speaker-*", characters: 12, second: 0.0001, page: 0.001}

      # A deployment whose name says nothing: the price of another model, written as provider/model.
      - {provider: azure, model: my-deployment, same_as: openai/gpt-5-mini}
      - {model: "*application-inference-profile/a1b2c3", same_as: bedrock/us.anthropic.claude-opus-5}

`provider`, `model` and `host` are names or patterns (`*`, `?`). `model` is compared, without regard to case,
with the model that was asked for, the one that served, and the name of the list's entry. `tier` (standard,
flex, priority, batch ...) limits an entry to one service tier; without it an entry holds for every tier. Days
are UTC, both included. Of the entries that set a price the last that matches holds; of the discounts too.
What a provider itself reports as billed is never changed, and what a flat plan covers has no discount.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tollway.prices.amounts import UNITS

_PERCENT = Decimal(100)


def _percent(value: object) -> object:
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise ValueError(f"write a percentage, such as 12%, not {value!r}")
    try:
        share = Decimal(value.strip()[:-1]) / _PERCENT
    except InvalidOperation:
        raise ValueError(f"write a percentage, such as 12%, not {value!r}") from None
    if not share.is_finite() or share > 1 or share < -10:
        raise ValueError(f"a discount is at most 100% (and a surcharge at most -1000%), not {value}")
    return share


def _amount(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(f"write an amount in USD, such as 2.50, not {value!r}")
    return str(value)


Amount = Annotated[Decimal, BeforeValidator(_amount), Field(ge=0, le=10**6, allow_inf_nan=False)]
"""USD, as written: 1.1 is exactly 1.1."""
Percent = Annotated[Decimal, BeforeValidator(_percent)]
"""A share of one, written as a percentage."""
Name = Annotated[str, Field(min_length=1, max_length=256)]


class Override(BaseModel):
    """One entry under `prices:`; the module's text explains every key."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    provider: Name = "*"
    model: Name = "*"
    host: Name = "*"
    tier: Name | None = None
    from_: date = Field(default=date.min, alias="from")
    until: date = date.max

    input: Amount | None = None
    output: Amount | None = None
    cache_read: Amount | None = None
    cache_write: Amount | None = None
    cache_write_1h: Amount | None = None
    cache_write_12h: Amount | None = None
    reasoning: Amount | None = None
    input_audio: Amount | None = None
    input_image: Amount | None = None
    input_video: Amount | None = None
    cache_audio_read: Amount | None = None
    output_audio: Amount | None = None
    output_image: Amount | None = None
    web_searches: Amount | None = None
    tool_calls: Amount | None = None
    characters: Amount | None = None
    request: Amount | None = None
    image: Amount | None = None
    second: Amount | None = None
    page: Amount | None = None

    discount: Percent | None = None
    same_as: Annotated[str, Field(pattern=r"^[^/]+/.+$", max_length=256)] | None = None
    free: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        said = list(self._said())
        if len(said) != 1:
            what = " and ".join(said) or "none of them"
            raise ValueError(f"say one thing: prices, discount, same_as or free; this entry says {what}")
        if self.until < self.from_:
            raise ValueError(f"until {self.until} is before from {self.from_}")
        if said[0] in ("prices", "same_as") and self.model == "*":
            raise ValueError(
                f"{said[0]}: for which model? Write `model: gpt-5-mini`, or a pattern, `model: gpt-5*`"
            )
        if self.provider == self.model == self.host == "*":
            raise ValueError("say what it is for: a provider, a model or a host")
        return self

    def _said(self) -> Iterator[str]:
        if self.amounts():
            yield "prices"
        if self.discount is not None:
            yield "discount"
        if self.same_as is not None:
            yield "same_as"
        if self.free:
            yield "free"

    def amounts(self) -> dict[str, Decimal]:
        """The prices that were given, in USD, by key."""
        return {key: amount for key in UNITS if (amount := getattr(self, key)) is not None}

    def canonical(self) -> dict[str, Any]:
        """All that was written, in a form whose JSON is the same for the same meaning."""
        return self.model_dump(mode="json", exclude_defaults=True)
