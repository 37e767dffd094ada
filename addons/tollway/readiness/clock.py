"""The clock: windows of limits, leases of a fleet, tokens and certificates go by it.

It is compared with that of Redis, by which a fleet's machines are compared with each other, and with itself:
the system's time should pass as fast as the time since the machine was started.
"""

from msgspec import Struct

from tollway.readiness.check import Check, fail, ok, warn

NAME = "clock"
SECOND_US = 1_000_000
MOST_US = 60 * SECOND_US
"""What a clock may be off a fleet's: half of a lease (120 s), by which processes take each other for dead,
and what issuers of tokens forgive."""
MUCH_US = 2 * SECOND_US
"""What NTP never leaves: half of that is waited where Redis was started anew (`grace`)."""
LATELY_SECONDS = 600.0
"""How long it is spoken of that a clock was set."""
SYNCHRONISE = "run NTP (timedatectl set-ntp true)"


class Step(Struct, frozen=True):
    """A clock that was set while Tollway ran."""

    us: int
    """By how much it was set ahead; below 0: back."""
    ago_seconds: float


def judge(skew_us: int | None, step: Step | None) -> Check:
    """`skew_us`: how far ahead of Redis's it is; None: there is no other clock to compare it with. `step`:
    the last time it was set; None: never."""
    figures = {} if skew_us is None else {"skew_ms": skew_us // 1_000}
    if skew_us is not None and abs(skew_us) > MUCH_US:
        said = f"this machine's is {_seconds(skew_us)} {_side(skew_us)} that of Redis: {SYNCHRONISE}"
        return (fail if abs(skew_us) > MOST_US else warn)(NAME, said, **figures)
    if step is not None and step.ago_seconds < LATELY_SECONDS:
        way = "ahead" if step.us > 0 else "back"
        said = f"it was set {_seconds(step.us)} {way} {step.ago_seconds:.0f} s ago, and windows go by it"
        return warn(NAME, f"{said}: {SYNCHRONISE}", **figures)
    return ok(NAME, "steady" if skew_us is None else "steady, and within 2 s of that of Redis", **figures)


def _seconds(us: int) -> str:
    return f"{abs(us) / SECOND_US:.0f} s"


def _side(us: int) -> str:
    return "ahead of" if us > 0 else "behind"
