"""What is held of the calls on a WebSocket whose cost nothing bounds: the section `sockets` of a policy."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from tollway.budget.amounts import Unit
from tollway.policy.amount import Amount, AmountText
from tollway.providers.schema import Strict

PARTS = (Unit.USD, Unit.INPUT, Unit.OUTPUT)


def _apart(amounts: tuple[Amount, ...]) -> tuple[Amount, ...]:
    for n, amount in enumerate(amounts):
        if amount.unit not in PARTS:
            raise ValueError(f"a slice is of USD, input tokens or output tokens, not {amount}")
        if not amount.number:
            raise ValueError(f"a slice holds something, not {amount}")
        if amount.unit in [other.unit for other in amounts[:n]]:
            raise ValueError(f"two slices are of the same unit: {amount}")
    return amounts


def _as_list(value: object) -> object:
    return value if isinstance(value, (list, tuple)) else (value,)


Slice = Annotated[
    tuple[AmountText, ...], Field(strict=False), BeforeValidator(_as_list), AfterValidator(_apart)
]
"""One amount, or one of each unit."""


class Sockets(Strict):
    """How hard limits hold what they can't know beforehand."""

    slice: Slice = ()
    """What is held of each answer that is spoken, or that a provider begins by itself. Empty: where a hard
    limit applies there are none."""

    @cached_property
    def held(self) -> Mapping[Unit, int]:
        """By unit."""
        return {amount.unit: amount.number for amount in self.slice}
