"""The policies of the tour of limits: the one it is played under, and the one for one's own Claude Code."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TOUR = """\
version: 1
timezone: ZONE
limits:
  - {name: claude-day, match: {program: claude-cli}, amount: 2 USD,
     window: day, then: [clamp, wait 20s, {route: smaller}, block]}
routes: {smaller: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
YOURS = """\
version: 1
limits:
  - {name: claude-day, match: {program: claude-cli}, amount: 10 USD,
     window: day, then: [clamp, wait 30s, {route: smaller}, block]}
routes: {smaller: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
"""As the README's section on limits has it."""
ZONES = ("Europe/Berlin", "America/New_York")
LONGEST = timedelta(minutes=10)
"""What a tour takes at the very most."""


def policy(now: datetime) -> str:
    """The tour's policy, in a time zone whose day does not end before the tour does."""
    zone = next(zone for zone in ZONES if not ends(now.astimezone(ZoneInfo(zone))))
    return TOUR.replace("ZONE", zone)


def ends(local: datetime) -> bool:
    """Whether the day may end meanwhile."""
    return (local + LONGEST).date() != local.date()
