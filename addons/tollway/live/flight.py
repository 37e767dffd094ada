"""Whether a call is in flight, and how long it takes."""

from collections.abc import Collection

from tollway.model import CallRecord


def is_flying(call: CallRecord, orphaned: Collection[str]) -> bool:
    """Whether a living process has it. `orphaned`: the ids of open calls whose process died."""
    return call.state == "open" and call.id not in orphaned


def took_us(call: CallRecord, now_us: int, orphaned: Collection[str]) -> int | None:
    """How long it took, or takes so far; None: nobody knows, since its process died."""
    if call.state != "open":
        return (call.ended_us or call.started_us) - call.started_us
    return now_us - call.started_us if is_flying(call, orphaned) else None
