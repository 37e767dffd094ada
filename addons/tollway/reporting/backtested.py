"""What a backtest found, for programs."""

from typing import Any
from zoneinfo import ZoneInfo

from tollway.backtest.effects import Effects, Figures, Share
from tollway.backtest.result import Backtest, Entry
from tollway.backtest.tally import Caller
from tollway.money import usd
from tollway.reporting import periods


def as_json(found: Backtest, policy: str, zone: ZoneInfo) -> dict[str, Any]:
    """`{policy, since, until, first_call, last_call, calls, recorded: {cost_usd, notional_usd, refused,
    clamped, waited, rerouted}, backtest: {the same, alerts}, saved_usd, undone_usd, let_in: {calls,
    bound_usd, likely_calls, likely_usd}, entries: [{kind, name, amount, window, per, enforce, buckets,
    buckets_full, refused_then, refused, would_refuse, clamped, waited, rerouted,
    alerts: [{level, times, first}], saved_usd, first, first_bucket}], gone: [{name, refused_then}],
    callers: [{user, service, calls, recorded, backtest, saved_usd, first_refused,
    refused_by: [{kind, name, calls}]}], unknown: [text]}`.

    `recorded` is what really happened, by what the ledger says; `backtest` what would have. Each call counts
    once in each: one that is refused is in `refused` alone. `saved_usd` is the difference of the two
    `cost_usd`, the sum of what entries save and of `undone_usd`: what routes and the cache saved then, and
    do not under this policy. `kind` is limit, rate, access, always or fault; `would_refuse` is of shadow
    limits; `buckets` counts the values of `per`, `buckets_full` those that had no room for a call, of which
    `first_bucket` was the first. `refused_then` counts calls that the limit or rate of that name refused when
    they were made, as far as their rows say so; `gone` has those that the policy has no more. Times are
    ISO 8601 in the policy's zone, money is text, null is what there is not. `let_in` has the calls that were
    refused then and would not be: what they would have come to is in no cost; at the most, as far as a bound
    was recorded, and likely, by what calls of their models cost.
    """

    def iso(us: int | None) -> str | None:
        return None if us is None else periods.local(us, zone).isoformat()

    def entry(each: Entry) -> dict[str, Any]:
        first = each.effects.first
        return {
            "kind": each.by.kind,
            "name": each.by.name,
            "amount": each.amount,
            "window": each.window,
            "per": list(each.per),
            "enforce": each.enforce,
            "buckets": each.buckets,
            "buckets_full": len(each.effects.whose),
            "refused_then": each.refused_then,
            **_done(each.effects),
            "alerts": [
                {"level": level, "times": len(times), "first": iso(min(times))}
                for level, times in sorted(each.effects.alerts.items())
            ],
            "saved_usd": usd(each.effects.saved_nano),
            "first": iso(first[0] if first is not None else None),
            "first_bucket": dict(first[1]) if first is not None else None,
        }

    def caller(name: Caller, share: Share) -> dict[str, Any]:
        return {
            "user": name[0],
            "service": name[1],
            "calls": share.calls,
            "recorded": _figures(share.then),
            "backtest": _figures(share.now),
            "saved_usd": usd(share.saved_nano),
            "first_refused": iso(share.refused_us),
            "refused_by": [
                {"kind": who.kind, "name": who.name, "calls": calls}
                for who, calls in sorted(share.refused_by.items(), key=lambda each: (-each[1], each[0]))
            ],
        }

    return {
        "policy": policy,
        "since": iso(found.since_us),
        "until": iso(found.until_us),
        "first_call": iso(found.first_us),
        "last_call": iso(found.last_us),
        "calls": found.total.calls,
        "recorded": _figures(found.total.then),
        "backtest": {**_figures(found.total.now), "alerts": alerts(found)},
        "saved_usd": usd(found.total.saved_nano),
        "undone_usd": usd(found.undone_nano),
        "let_in": {
            "calls": found.let_in.calls,
            "bound_usd": usd(found.let_in.bound_nano),
            "likely_calls": found.let_in.likely_calls,
            "likely_usd": usd(found.let_in.likely_nano),
        },
        "entries": [entry(each) for each in found.entries],
        "gone": [{"name": name, "refused_then": calls} for name, calls in found.gone],
        "callers": [caller(*each) for each in found.callers],
        "unknown": list(found.unknown),
    }


def alerts(found: Backtest) -> int:
    """How many alert levels are come to, each once in a window of a bucket."""
    return sum(each.effects.told for each in found.entries)


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "cost_usd": usd(figures.cost_nano),
        "notional_usd": usd(figures.notional_nano),
        "refused": figures.refused,
        "clamped": figures.clamped,
        "waited": figures.waited,
        "rerouted": figures.rerouted,
    }


def _done(effects: Effects) -> dict[str, int]:
    return {
        "refused": effects.refused,
        "would_refuse": effects.over,
        "clamped": effects.clamped,
        "waited": effects.waited,
        "rerouted": effects.rerouted,
    }
