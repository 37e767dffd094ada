"""The dearest that a bounded usage can cost: what a hard limit holds before the answer's facts are known.

The request says which tier, and sometimes which speed, it asks for; what serves it is up to the provider. So
the rates of all that may serve are looked up (`reach`), and the dearest of them count, at the dearest step of
a long context that the input may reach, for the dearest split of the tokens (`worst`).

It holds for what the price book computes (`PriceBook.price`), under these assumptions:

- The call is priced at the moment that the ceiling was made for: its start.
- The model that serves costs what the model that was asked for does: an alias is no dearer than what it is
  an alias of, and a provider's own choice of another model is for the bound to refuse.
- A provider that reports what it billed (xAI, Perplexity, Copilot) bills no more than the table's dearest; a
  router (OpenRouter) no more than so many times that as `reach.yaml` says. Its own figure is charged as it
  is, and one above the hold is a violation of the bound.
- Prices of an operator's own that set a part of the output to zero do so for the whole of it, too.
- A tier that no table knows costs no more than the dearest known one of the model.
- Calls of server-side tools that have no known price cost nothing in the book either (`prices_tools`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from tollway.model import Usage
from tollway.prices import reach, resolve
from tollway.prices.base import FREE_OF_CHARGE, UNKNOWN_PRICE
from tollway.prices.cost import MAX_COUNT, charge
from tollway.prices.facts import Facts
from tollway.prices.rates import ALWAYS, FIELDS, ZERO, Prices, Rates, Schedule, rates
from tollway.prices.tables import tables
from tollway.prices.terms import Layer
from tollway.prices.worst import SCALE, Worst, count, fewest, input_within, silent_fields, whole

_TOKENS_OUT = ("output_tokens", "reasoning_tokens", "output_audio_tokens", "output_image_tokens")
BATCH = "batch"
_NO_OUTPUT = dict.fromkeys(_TOKENS_OUT)


class Leaving(Struct, frozen=True, kw_only=True):
    """A call that is about to leave, as far as its price depends on it."""

    provider: str
    host: str
    operation: str
    model: str | None
    """As the provider is asked."""
    tier: str | None = None
    """The tier asked for, in the provider's word."""
    speed: str | None = None
    """The speed asked for, "" for none; None: that is not known, and any may serve (`reach.speed_asked`)."""
    at: datetime
    """When it starts; without a time zone, UTC."""
    notional: bool = False
    """A flat plan covers the call: no discount applies."""
    in_batch: bool = False
    """It is one of a batch, and billed as one, whatever it asks for."""


class Ceiling(Struct, frozen=True, kw_only=True):
    """The dearest rates that one call may be charged at. All amounts are nano-dollars."""

    rows: tuple[Worst, ...]
    """Of every step, tier, speed and place that may serve."""
    unpriced: tuple[Worst, ...]
    """For calls that use nothing but what `rows` have no price for: the dearest known of such."""
    silent: tuple[str, ...]
    """Fields of a usage that may have no price; a call has to use one of them for `unpriced` to matter."""
    schedules: tuple[Schedule, ...]
    """All that may serve."""
    times: int
    """How often these rates the provider's own bill may be."""
    prices_tools: bool
    """False: nobody knows what calls of its server-side tools cost, and they are not in any figure."""

    def nano(self, usage: Usage) -> int:
        """The most that any usage within this one costs, rounded up.

        Within: no field exceeds what this one has; a field that is None here is not billed, but for parts of
        the input and of the output, which then may be any part of it.
        """
        tokens, out = input_within(usage), count(usage.output_tokens)
        rows = self._reached(tokens, usage)
        return _up(max(row.without_output(tokens, usage) + row.output(out, usage) for row in rows))

    def output_within(self, left: int, usage: Usage) -> int:
        """The most output tokens that fit: with so many, `nano` of the usage is no more than `left`.

        0 if not even the rest fits; `MAX_COUNT` at most. The usage's own output does not matter.
        """
        usage = replace(usage, output_tokens=1)
        tokens, fits = input_within(usage), MAX_COUNT
        for row in self._reached(tokens, usage):
            rest = left * SCALE - row.without_output(tokens, usage)
            if rest < 0:
                return 0
            most = row.output_within(rest, usage)
            fits = fits if most is None else min(fits, most)
        return fits

    def reported(self, usage: Usage) -> int:
        """The most that a call costs whose input is what a provider reported, and the rest within this usage.

        The input's split and step are known then, which `nano` has to take the dearest of. For a stream that
        has told its input; it must not be told another one later, as where server-side tools run.
        """
        tokens, out = input_within(usage), count(usage.output_tokens)
        bare = replace(usage, **_NO_OUTPUT)
        most = 0
        for schedule in self.schedules:
            spent = charge(bare, schedule)
            if spent.input + spent.cache_read + spent.cache_write == ZERO:
                return self.nano(usage)
            row = Worst.at(ALWAYS, schedule.at(tokens), self.times)
            most = max(most, whole(sum(spent[:5], ZERO)) * self.times + row.output(out, usage) + row.rounding)
        return min(_up(most), self.nano(usage))

    def _reached(self, tokens: int, usage: Usage) -> list[Worst]:
        """The rows of the steps that a call may reach with so much input, or less."""
        silent = any([getattr(usage, field) for field in self.silent])
        rows = (*self.rows, *self.unpriced) if silent else self.rows
        return [row for row in rows if tokens > row.above]


def ceiling(call: Leaving, layers: Sequence[Layer], dearest: bool = False) -> Ceiling | None:
    """The dearest rates of the call; None where a price of the model is not known.

    `dearest`: such a model costs no more than its provider's dearest, as the book charges it.
    """
    times = reach.times(call.provider)
    rows, unpriced, silent, schedules = [], [], dict[str, None](), []
    for facts in _served(call, layers):
        found = resolve.resolve(facts, layers)
        if UNKNOWN_PRICE in found.flags and not dearest:
            return None
        if found.schedule not in schedules:
            schedules.append(found.schedule)
            rows += _steps(found.schedule, times)
        if FREE_OF_CHARGE not in found.flags and not found.schedule.at(0).request:
            unpriced += _steps(_gaps(found.schedule, resolve.dearest(facts).schedule), times)
            silent.update(dict.fromkeys(silent_fields(found.schedule)))
    return Ceiling(
        rows=fewest(rows),
        unpriced=fewest(unpriced),
        silent=tuple(silent),
        schedules=tuple(schedules),
        times=times,
        prices_tools=all(rates.tool_call is not None for each in schedules for _, rates in each.steps),
    )


def _served(call: Leaving, layers: Sequence[Layer]) -> Iterator[Facts]:
    """Every way in which the call may be served, the plainest first."""
    tiers = (BATCH,) if call.in_batch else reach.tiers(call.provider, call.tier)
    if reach.OTHER in tiers:
        tiers = (*tiers, *_agreed(call.provider, layers))
    for tier in tiers:
        for speed in reach.speeds(call.provider, call.speed):
            for place in reach.places(call.provider):
                yield Facts(
                    provider=call.provider,
                    host=call.host.lower(),
                    operation=call.operation,
                    served=call.model,
                    asked=call.model,
                    tier=tier,
                    speed=speed,
                    geo=place,
                    at=call.at,
                    notional=call.notional,
                )


def _agreed(provider: str, layers: Sequence[Layer]) -> list[str]:
    """Tiers that only the operator's prices know."""
    known = {*tables().habit(provider).tiers.values(), *tables().contexts}
    named = (row.tier for layer in layers for row in layer.overrides if row.tier)
    return [tier for tier in dict.fromkeys(named) if tier not in known]


def _steps(schedule: Schedule, times: int) -> list[Worst]:
    return [Worst.at(above, rates, times) for above, rates in schedule.steps]


def _gaps(schedule: Schedule, dearest: Schedule) -> Schedule:
    """The dearest known rates of what the schedule has no price for: as the book charges a call that used
    nothing else."""
    free = [name for name in FIELDS if any(getattr(step, name) == ZERO for _, step in schedule.steps)]
    return Schedule(tuple((above, _only(free, step)) for above, step in dearest.steps))


def _only(names: Sequence[str], step: Rates) -> Rates:
    """Rates of these units, and fees; the rest is free."""
    kept = {*names, "web_search", "tool_call", "request"}
    prices: Prices = {name: getattr(step, name) if name in kept else ZERO for name in FIELDS}
    return rates({name: price for name, price in prices.items() if price is not None}, step.search_once)


def _up(scaled: int) -> int:
    """Whole nano-dollars, rounded up."""
    return -(-scaled // SCALE)
