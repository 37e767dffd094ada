"""What a recorded call holds and comes to at another target: its usage, at the target's list price."""

from datetime import UTC, datetime

from tollway.backtest.attempt import Attempt
from tollway.backtest.load import Load
from tollway.backtest.quantities import quantities
from tollway.model import USAGE_FIELDS, Report, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling, Leaving
from tollway.prices.priced import Priced
from tollway.routing.resolve import Target

NO_SPEED = ""
"""A row does not say whether a faster answer was asked for: hardly any call does."""


class Pricing:
    """By one price book."""

    def __init__(self, book: PriceBook) -> None:
        self._book = book

    def knows(self, attempt: Attempt, target: Target) -> bool:
        """Whether a price of the target is known."""
        return self.ceiling(attempt, target) is not None

    def load_at(self, attempt: Attempt, target: Target) -> Load:
        """What a call that was served elsewhere would hold and come to. Without usage its cost stays."""
        nano, output_nano = attempt.cost_nano, attempt.output_nano
        if any(attempt.used):
            cost = self._book.price(
                Priced(
                    provider=target.provider,
                    host=_host(attempt, target),
                    operation=attempt.operation,
                    model_asked=target.model,
                    report=Report(usage=usage(attempt), tier=_tier(attempt, target)),
                    at=_at(attempt),
                    notional=not attempt.is_metered,
                )
            )
            nano, output_nano = cost.nano, cost.output_nano
        tokens = attempt.input_tokens, attempt.output_tokens
        charges = quantities(nano, *tokens, attempt.counts)
        if attempt.bound_nano is None:
            return Load(quantities(nano, *tokens, 1), charges, output_nano)
        bound = attempt.bound_input_tokens or tokens[0], attempt.bound_output_tokens or tokens[1]
        return self.bounded(attempt, target, Load(charges, charges, output_nano, bound), bound)

    def bounded(self, attempt: Attempt, target: Target, found: Load, bound: tuple[int, int]) -> Load:
        """The load of a call that may come to so many tokens of input and output."""
        ceiling = self.ceiling(attempt, target)
        most = Usage(input_tokens=bound[0], output_tokens=bound[1])
        nano = found.nano if ceiling is None else ceiling.nano(most)
        return found._replace(holds=quantities(nano, *bound, 1), bound=bound)

    def ceiling(self, attempt: Attempt, target: Target) -> Ceiling | None:
        """The dearest rates that hard limits hold such a call at; None: no price is known."""
        return self._book.ceiling(
            Leaving(
                provider=target.provider,
                host=_host(attempt, target),
                operation=attempt.operation,
                model=target.model,
                speed=NO_SPEED,
                at=_at(attempt),
                notional=not attempt.is_metered,
            )
        )


def usage(attempt: Attempt) -> Usage:
    """What it used."""
    return Usage(**dict(zip(USAGE_FIELDS, attempt.used, strict=True)))


def _host(attempt: Attempt, target: Target) -> str:
    """Of another provider any: what regions cost more is not known."""
    return attempt.host if target.provider == attempt.provider else ""


def _tier(attempt: Attempt, target: Target) -> str | None:
    return attempt.tier if target.provider == attempt.provider else None


def _at(attempt: Attempt) -> datetime:
    return datetime.fromtimestamp(attempt.started_us // 1_000_000, UTC)
