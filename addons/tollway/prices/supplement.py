"""What we know of models that the price list lacks, or knows in part: `supplement.yaml`."""

from functools import cache
from typing import TYPE_CHECKING

from tollway.prices import terms
from tollway.prices.rates import Prices
from tollway.prices.tables import read
from tollway.prices.terms import Subject

if TYPE_CHECKING:
    from tollway.prices.overrides import Override


@cache
def rows() -> tuple["Override", ...]:
    """The rows, read at first use."""
    from tollway.prices.overrides import Override

    return tuple(Override.model_validate(row) for row in read("supplement.yaml"))


def row_of(subject: Subject) -> "Override | None":
    """The last row that is about the model."""
    return next((row for row in reversed(rows()) if terms.holds(row, subject)), None)


def gaps(subject: Subject) -> Prices:
    """Prices for what the list does not price of the model."""
    row = row_of(subject)
    return terms.agreed(row) if row is not None and not row.same_as else {}
