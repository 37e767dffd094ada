"""The certificate authority: whether it holds now, for how long, and whether it is still the one on disk."""

from datetime import datetime, timedelta

from msgspec import Struct

from tollway.readiness.check import Check, fail, ok, warn

NAME = "ca"
SOON = timedelta(days=60)
"""How long before its end it is spoken of."""
RENEW = "run `tollway ca init --force`, and let clients trust the new one"
ROTATE = "run `tollway ca rotate` for the next one, and let clients trust both"


class Shown(Struct, frozen=True, kw_only=True):
    """The authority whose certificates clients are shown."""

    id: str
    begins: datetime
    ends: datetime
    has_next: bool
    """Whether another one is about to take over."""
    on_disk: bool | None
    """Whether the root in the data folder is its own; None: there is none."""


def judge(shown: Shown, now: datetime) -> Check:
    """What there is to say of it."""
    left = shown.ends - now
    if left <= timedelta(0):
        return fail(NAME, f"{shown.id} ended on {shown.ends:%Y-%m-%d}: {RENEW}", days_left=left.days)
    if now < shown.begins:
        said = f"{shown.id} begins on {shown.begins:%Y-%m-%d}, and the clock says {now:%Y-%m-%d}"
        return fail(NAME, f"{said}: set the clock", days_left=left.days)
    if shown.on_disk is None:
        return warn(NAME, f"the root of {shown.id} is gone from the data folder", days_left=left.days)
    if not shown.on_disk:
        said = f"another one is in the data folder than {shown.id}, which clients are shown"
        return warn(NAME, f"{said}: start Tollway anew", days_left=left.days)
    if left <= SOON and not shown.has_next:
        return warn(NAME, f"{shown.id} ends in {left.days} days: {ROTATE}", days_left=left.days)
    return ok(NAME, f"{shown.id} lasts until {shown.ends:%Y-%m-%d}", days_left=left.days)
