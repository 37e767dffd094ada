"""Figures, and what there is to say of them, short: for the live view and the pages."""

from zoneinfo import ZoneInfo

from tollway.ledger.store import REFUSAL, Raised
from tollway.model import Billing, CallRecord, Source
from tollway.reporting import periods
from tollway.reporting.budgets import Standing
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


def lasts(standing: Standing, now_us: int) -> str | None:
    """How long there is something left at this rate; None: longer than the window, or nothing is spent."""
    if standing.exhausted_us is None:
        return None
    return duration(standing.exhausted_us - now_us) if standing.exhausted_us > now_us else "spent"


def happened(alert: Raised) -> str:
    """What a limit gave alarm of."""
    return "has refused a call" if alert.level == REFUSAL else f"has reached {alert.level}%"


def caller(call: CallRecord) -> str | None:
    """Who called, as far as it is known: a user, a service, a team, or where from."""
    return call.user or call.service or call.team or call.client


def cost(call: CallRecord) -> str:
    """What a call cost: `~` before an estimate, in brackets what a flat plan covers."""
    said = dollars(call.cost.nano)
    said = f"~{said}" if call.cost.source is Source.ESTIMATED or call.state == "open" else said
    return said if call.billing is Billing.METERED else f"({said})"
