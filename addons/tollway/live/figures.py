"""Times and durations, short."""

from zoneinfo import ZoneInfo

from tollway.model import Billing, CallRecord, Source
from tollway.reporting import periods
from tollway.tally import dollars


def clock(us: int, zone: ZoneInfo) -> str:
    """The time of day."""
    return f"{periods.local(us, zone):%H:%M:%S}"


def duration(us: int) -> str:
    """In at most five cells: 85ms, 1.25s, 12.3s, 2m05s, 3h07m."""
    ms = max(us, 0) // 1_000
    if ms < 1_000:
        return f"{ms}ms"
    if ms < 99_950:
        return f"{ms / 1_000:.3g}s" if ms < 9_995 else f"{ms / 1_000:.1f}s"
    minutes, seconds = divmod(ms // 1_000, 60)
    return f"{minutes}m{seconds:02}s" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02}m"


def cost(call: CallRecord) -> str:
    """What a call cost: `~` before an estimate, in brackets what a flat plan covers."""
    said = dollars(call.cost.nano)
    said = f"~{said}" if call.cost.source is Source.ESTIMATED or call.state == "open" else said
    return said if call.billing is Billing.METERED else f"({said})"
