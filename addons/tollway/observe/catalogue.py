"""The metrics, as data: what there is, under which names and labels. `docs/metrics.md` tells them."""

from enum import StrEnum

from msgspec import Struct

USD, SECONDS = 9, 6
"""Decimals."""


class Type(StrEnum):
    """As Prometheus knows them."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Family(Struct, frozen=True, kw_only=True, eq=False):
    """One metric. It is counted in whole numbers, so its sums are exact. Known by its identity, which is
    quick to look up."""

    name: str
    type: Type
    help: str
    labels: tuple[str, ...] = ()
    places: int = 0
    """Decimals of the unit that is shown: 9 for dollars, counted in nano-dollars; 6 for seconds."""
    bounds: tuple[int, ...] = ()
    """Of a histogram's buckets, rising, in what is counted."""


def counter(name: str, help: str, *labels: str, places: int = 0) -> Family:
    """What only grows, from the start of the process on."""
    return Family(name=name, type=Type.COUNTER, help=help, labels=labels, places=places)


def gauge(name: str, help: str, *labels: str, places: int = 0) -> Family:
    """What is now."""
    return Family(name=name, type=Type.GAUGE, help=help, labels=labels, places=places)


def seconds(name: str, help: str, *labels: str, ms: tuple[int, ...]) -> Family:
    """How long something took, counted in microseconds. `ms`: the bounds of its buckets."""
    bounds = tuple(1_000 * bound for bound in ms)
    return Family(
        name=name, type=Type.HISTOGRAM, help=help, labels=labels, places=SECONDS, bounds=bounds
    )  # fmt: skip


MODEL = ("provider", "model")
USAGE = (*MODEL, "kind")
COST = (*MODEL, "billing", "source")

CALLS = counter(
    "tollway_calls_total", "Calls that ended; each attempt of a failover is one.",
    *MODEL, "operation", "outcome",
)  # fmt: skip
TOKENS = counter("tollway_tokens_total", "Tokens as billed; kinds overlap.", *USAGE)
TOKENS_TAKEN_BACK = counter(
    "tollway_tokens_taken_back_total", "Tokens that an estimate had too many, once the usage came.", *USAGE
)
UNITS = counter("tollway_units_total", "Other billed units: images, seconds, searches.", *USAGE)
UNITS_TAKEN_BACK = counter(
    "tollway_units_taken_back_total", "Units that an estimate had too many, once the usage came.", *USAGE
)
SPENT = counter("tollway_cost_usd_total", "What calls cost, exactly.", *COST, places=USD)
SPENT_TAKEN_BACK = counter(
    "tollway_cost_taken_back_usd_total", "Cost that an estimate had too much, once the usage came.", *COST,
    places=USD,
)  # fmt: skip
FIRST_BYTE = seconds(
    "tollway_first_byte_seconds", "From a call's arrival to the first byte of its answer.", *MODEL,
    ms=(100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000),
)  # fmt: skip
DURATION = seconds(
    "tollway_duration_seconds", "From a call's arrival to its end.", *MODEL,
    ms=(100, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 900_000),
)  # fmt: skip
REFUSALS = counter(
    "tollway_refusals_total", "Calls that Tollway refused, by what the client was told.", "reason"
)
LIMIT_REFUSALS = counter("tollway_limit_refusals_total", "Calls that a limit or a rate refused.", "limit")
WAITS = counter("tollway_waits_total", "Calls that waited for room in a limit.")
CLAMPS = counter("tollway_clamps_total", "Calls whose output maximum was lowered.")
REROUTES = counter("tollway_reroutes_total", "Calls that took a route.", "route", "after")
FINDINGS = counter(
    "tollway_guardrail_findings_total", "Values that guardrails found, in each call anew.",
    "guardrail", "kind", "done", "text",
)  # fmt: skip
CACHE = counter(
    "tollway_cache_total", "Calls that were looked for in the cache, by what came of it.", *MODEL, "result"
)
SAVED = counter("tollway_cache_saved_usd_total", "What hits and joins would have cost.", *MODEL, places=USD)
ERRORS = counter("tollway_upstream_errors_total", "Calls that failed at the provider.", "provider", "kind")
UNREAD = counter(
    "tollway_unread_connections_total", "Connections to providers that nobody could read.",
    "provider", "why", "done",
)  # fmt: skip
UNMANAGED = counter(
    "tollway_unmanaged_connections_total", "Connections to AI services that are not read.", "service", "done"
)
UNMANAGED_BYTES = counter(
    "tollway_unmanaged_bytes_total", "Bytes that passed to AI services that are not read, and back.",
    "service", "direction",
)  # fmt: skip
RELOADS = counter("tollway_policy_reloads_total", "Readings of a changed policy file.", "result")
RELOADED = {True: "ok", False: "failed"}
LOOP_LAG = seconds(
    "tollway_event_loop_lag_seconds", "How late the event loop came back to what was due.",
    ms=(1, 5, 10, 25, 50, 100, 250, 1_000, 5_000),
)  # fmt: skip
IN_FLIGHT = gauge("tollway_calls_in_flight", "Calls that were let through and have not ended.")
HELD = gauge("tollway_held_usd", "What hard limits hold for calls in flight.", places=USD)
LEDGER_LAG = gauge("tollway_ledger_lag_seconds", "How long the oldest unwritten work waits.", places=SECONDS)
UNWRITTEN = gauge("tollway_ledger_unwritten_calls", "Ends of calls that are not in the ledger yet.")
LOG_DROPPED = counter("tollway_log_dropped_total", "Lines of the log that nobody took in time.")
PLAN_USED = gauge(
    "tollway_plan_used_percent", "Of a plan's gauge, by the account that has used most.", "provider", "gauge"
)  # fmt: skip
WORKERS = gauge("tollway_workers", "Processes that take calls.")
RESTARTS = counter("tollway_worker_restarts_total", "Workers that ended and were started anew.")

FAMILIES = (
    CALLS, TOKENS, TOKENS_TAKEN_BACK, UNITS, UNITS_TAKEN_BACK, SPENT, SPENT_TAKEN_BACK, FIRST_BYTE, DURATION,
    REFUSALS, LIMIT_REFUSALS, WAITS, CLAMPS, REROUTES, FINDINGS, CACHE, SAVED, ERRORS, UNREAD,
    UNMANAGED, UNMANAGED_BYTES, RELOADS, LOOP_LAG, IN_FLIGHT, HELD, LEDGER_LAG, UNWRITTEN, LOG_DROPPED,
    PLAN_USED, WORKERS, RESTARTS,
)  # fmt: skip
"""All of them, in the order in which they are shown."""

TAKEN_BACK = {TOKENS: TOKENS_TAKEN_BACK, UNITS: UNITS_TAKEN_BACK, SPENT: SPENT_TAKEN_BACK}
"""Where that goes which was counted too high: a counter never falls."""

FROM_NOW = frozenset((IN_FLIGHT, HELD, LEDGER_LAG, UNWRITTEN, LOG_DROPPED, PLAN_USED, WORKERS, RESTARTS))
"""Those that are not counted here, but asked for when somebody wants to see them."""
