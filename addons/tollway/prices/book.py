"""The price book: what a call costs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tollway.model import Cost, Report, Source, Usage
from tollway.prices import catalogue, resolve, terms, tiers
from tollway.prices.base import FREE_OF_CHARGE
from tollway.prices.ceiling import Ceiling, Leaving, ceiling
from tollway.prices.cost import MAX_PART, Charge, charge, fees, rounded
from tollway.prices.facts import Facts
from tollway.prices.names import MAX_NAME
from tollway.prices.priced import Priced
from tollway.prices.rates import ZERO
from tollway.prices.resolve import Resolved
from tollway.prices.split import apportion
from tollway.prices.tables import tables

if TYPE_CHECKING:
    from tollway.prices.overrides import Override

INCONSISTENT = "inconsistent_usage"
"""Flag: the usage contradicted itself; nothing reported was dropped, nothing was counted twice."""
UNPRICED_TOOLS = "unpriced_tools"
"""Flag: there were calls of server-side tools that have no known price; they are not in the cost."""
NO_USAGE = "no_usage"
"""Flag: neither usage nor cost is known."""

MAX_RESOLVED = 4096
"""Resolved rates that are kept; then all are forgotten, as names of models come from callers."""

_MARKS = {"list": "list", "prices": "overrides"}
"""Layer -> what the version calls it."""

_FEES = ("web_searches", "tool_calls")
"""Counts that a provider reports for the whole call, not per portion."""


class PriceBook:
    """Prices calls: by a provider's own figure, else by the price list; an unknown is never zero."""

    def __init__(self, overrides: Sequence["Override"] = (), own: Sequence["Override"] = ()) -> None:
        """`own`: the user's own price list, over what is built in; `overrides`: a policy's, over that."""
        self._layers = resolve.layered([("list", own), ("prices", overrides)])
        self._resolved: dict[tuple[object, ...], Resolved] = {}
        self._ceilings: dict[tuple[object, ...], Ceiling | None] = {}

    @cached_property
    def version(self) -> str:
        """The price list's version, with fingerprints of the user's own and of overrides."""
        marks = (f"+{_MARKS[layer.name]}:{terms.fingerprint(layer.overrides)}" for layer in self._layers)
        return "".join((catalogue.version(), *marks))

    def __repr__(self) -> str:
        return f"PriceBook({self.version})"

    def warm(self) -> None:
        """Load the price list and the tables now (150 ms) rather than at the first call."""
        resolve.warm()

    def problems(self) -> list[str]:
        """What only the price list can tell of the overrides: `same_as` targets that it does not know."""
        return [
            f"{layer.name}[{number}].same_as: {problem}"
            for layer in self._layers
            for number, problem in resolve.unknown_targets(layer.overrides)
        ]

    def price(self, call: Priced) -> Cost:
        """What the call costs. It never raises, whatever the provider reported, and no part is negative."""
        report = call.report
        if report.usage is None and not report.portions:
            return _without_usage(report)
        total, label, flags = self._charge(call, report.usage or Usage())
        if report.cost_nano is not None:
            return _reported(report.cost_nano, total)
        return Cost(
            input_nano=rounded(total.input),
            cache_read_nano=rounded(total.cache_read),
            cache_write_nano=rounded(total.cache_write),
            output_nano=rounded(total.output),
            other_nano=rounded(total.other),
            source=Source.ESTIMATED if call.estimated else Source.COMPUTED,
            price_version=label,
            flags=flags,
        )

    def ceiling(self, call: Leaving, dearest: bool = False) -> Ceiling | None:
        """The dearest rates that the call may be charged at; None where a price of its model is not known.

        `dearest`: of such a model they are those of its provider's dearest, as the book charges it.
        Remembered for half an hour of calls; the first takes some milliseconds.
        """
        call = replace(
            call, model=_cut(call.model), tier=_cut(call.tier), speed=call.speed and _cut(call.speed),
            at=_utc(call.at),
        )  # fmt: skip
        at = call.at
        key = (
            call.provider, call.host, call.operation, call.model, call.tier, call.speed, call.notional,
            at.toordinal(), at.hour, at.minute >= 30, dearest, call.in_batch,
        )  # fmt: skip
        if key not in self._ceilings:
            if len(self._ceilings) >= MAX_RESOLVED:
                self._ceilings.clear()
            self._ceilings[key] = ceiling(call, self._layers, dearest)
        return self._ceilings[key]

    def expected(self, call: Leaving, usage: Usage) -> int:
        """What such a usage costs, in nano-dollars, if the call is served as it asks: for limits that hold an
        estimate. A model of no known price costs the dearest known one."""
        return self.price(
            Priced(
                provider=call.provider,
                host=call.host,
                operation=call.operation,
                model_asked=call.model,
                report=Report(usage=usage, speed=call.speed),
                tier_asked=call.tier,
                at=call.at,
                notional=call.notional,
            )
        ).nano

    def _charge(self, call: Priced, usage: Usage) -> tuple[Charge, str, tuple[str, ...]]:
        """The charge, which prices made it, and its flags."""
        report = call.report
        if not report.portions:
            total, resolved = self._one(call, report.model, usage)
            return total, f"{self.version} {resolved.label}", _flags(total, resolved.flags)
        total, labels, flags = Charge(), dict[str, None](), dict[str, None]()
        for portion in report.portions:
            part, resolved = self._one(call, portion.model or report.model, portion.usage)
            total = total.plus(part)
            labels[resolved.label] = None
            flags.update(dict.fromkeys(resolved.flags))
        total = total.plus(self._fees(call, usage))
        return total, f"{self.version} {'; '.join(labels)}", _flags(total, tuple(flags))

    def _one(self, call: Priced, model: str | None, usage: Usage) -> tuple[Charge, Resolved]:
        resolved = self._rates(call, model)
        part = charge(usage, resolved.schedule)
        if FREE_OF_CHARGE not in resolved.flags and _is_unpriced(part, usage, resolved):
            # The list prices none of the units that were used: by the hour, say, where tokens were counted.
            resolved = resolve.dearest(_facts(call, model))
            part = charge(usage, resolved.schedule)
        return part, resolved

    def _fees(self, call: Priced, usage: Usage) -> Charge:
        """Searches and tool calls that the call's usage has and its portions do not."""
        parts = [portion.usage for portion in call.report.portions]
        rest = {name: max(0, _of(usage, name) - sum(_of(part, name) for part in parts)) for name in _FEES}
        rates = self._rates(call, call.report.model).schedule.at(0)
        return Charge(
            other=fees(Usage(**rest, requests=0), rates),
            complete=not (rest["tool_calls"] and rates.tool_call is None),
        )

    def _rates(self, call: Priced, model: str | None) -> Resolved:
        report, at = call.report, call.at
        if at.tzinfo is not UTC:
            at = _utc(at)
        key = (
            call.provider, call.host, call.operation, _cut(model), _cut(call.model_asked), _cut(report.tier),
            _cut(call.tier_asked), _cut(report.speed), _cut(report.geo), call.notional,
            at.toordinal(), at.hour, at.minute >= 30,
        )  # fmt: skip
        resolved = self._resolved.get(key)
        if resolved is None:
            resolved = resolve.resolve(_facts(call, model), self._layers)
            if len(self._resolved) >= MAX_RESOLVED:
                self._resolved.clear()
            self._resolved[key] = resolved
        return resolved


def _facts(call: Priced, model: str | None) -> Facts:
    report = call.report
    return Facts(
        provider=call.provider,
        host=call.host.lower(),
        operation=call.operation,
        served=_cut(model),
        asked=_cut(call.model_asked),
        tier=tiers.canonical(tables().habit(call.provider), _cut(report.tier), _cut(call.tier_asked)),
        speed=tiers.unusual(_cut(report.speed)),
        geo=_cut(report.geo),
        at=_utc(call.at),
        notional=call.notional,
    )


def _cut(word: str | None) -> str | None:
    """As much of a word from outside as is looked at, and kept."""
    return word[:MAX_NAME] if word else None


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _of(usage: Usage, name: str) -> int:
    return getattr(usage, name) or 0


def _is_unpriced(part: Charge, usage: Usage, resolved: Resolved) -> bool:
    """True if more was used than tools, and costs nothing."""
    billed = part.input + part.cache_read + part.cache_write + part.output
    if billed != ZERO or resolved.schedule.at(0).request:
        return False
    return any(count for name, count in usage.known().items() if name not in _FEES)


def _flags(total: Charge, flags: tuple[str, ...]) -> tuple[str, ...]:
    if not total.consistent:
        flags += (INCONSISTENT,)
    if not total.complete:
        flags += (UNPRICED_TOOLS,)
    return flags


def _without_usage(report: Report) -> Cost:
    if report.cost_nano is None:
        return Cost(flags=(NO_USAGE,))
    return _reported(report.cost_nano, Charge())


def _reported(nano: int, computed: Charge) -> Cost:
    """The provider's own figure, divided as our prices are; all in `other` where those say nothing."""
    total = min(max(nano, 0), MAX_PART)
    parts = [rounded(part) for part in computed[:5]]
    shares = apportion(total, parts) if any(parts) else [0, 0, 0, 0, total]
    return Cost(
        input_nano=shares[0],
        cache_read_nano=shares[1],
        cache_write_nano=shares[2],
        output_nano=shares[3],
        other_nano=shares[4],
        source=Source.PROVIDER,
        price_version="provider",
        flags=() if computed.consistent and total == nano else (INCONSISTENT,),
    )
