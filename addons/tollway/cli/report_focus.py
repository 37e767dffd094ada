"""`tollway report --format focus`: the bill for finance's tools."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import click

from tollway import paths
from tollway.ledger.charged import Charged
from tollway.ledger.open import is_there, open_books
from tollway.reporting.focus import DEFAULT_BY, as_csv, header, period_of

if TYPE_CHECKING:
    from tollway.prices.book import PriceBook


def show_focus(
    ledger: str | None, by: Sequence[str] | None, since_us: int | None, until_us: int | None
) -> None:
    """Print the bill on standard output; `by` None: by day, team, user and service. Raises BadParameter.

    If no ledger was named and none is there yet, there are no rows.
    """
    by = DEFAULT_BY if by is None else by
    try:
        period_of(by)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--by") from None
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        click.echo(header(by), nl=False)
        return
    books = open_books(url)
    try:
        for line in as_csv(books, by, since_us, until_us, by_list):
            click.echo(line, nl=False)
    finally:
        books.close()


def by_list(call: Charged) -> tuple[int, ...] | None:
    """What a call costs by the built-in prices, part by part; None: what it was charged."""
    from tollway.reporting.reprice import priced

    cost = priced(call, _built_in())
    if cost is None:
        return None
    return cost.input_nano, cost.cache_read_nano, cost.cache_write_nano, cost.output_nano, cost.other_nano


@cache
def _built_in() -> "PriceBook":
    from tollway.prices.book import PriceBook

    return PriceBook()
