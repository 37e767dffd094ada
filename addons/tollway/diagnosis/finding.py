"""One thing that was checked: the verdict on it, why, and what mends it."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """What a check comes to."""

    WELL = "well"
    DOUBTFUL = "doubtful"
    """It may be meant; programs work, or may work."""
    WRONG = "wrong"
    """Programs fail, or their calls go unseen."""
    NOT_CHECKED = "not_checked"


class Finding(Struct, frozen=True):
    """No field ever has a password, token or key."""

    subject: str
    """What was checked."""
    verdict: Verdict
    reason: str
    remedy: str | None = None
    """What mends it: a command where one does."""


def well(subject: str, reason: str) -> Finding:
    """A check that found nothing."""
    return Finding(subject, Verdict.WELL, reason)


def doubtful(subject: str, reason: str, remedy: str | None = None) -> Finding:
    """One that found what may be meant."""
    return Finding(subject, Verdict.DOUBTFUL, reason, remedy)


def wrong(subject: str, reason: str, remedy: str | None = None) -> Finding:
    """One that found what stands in the way."""
    return Finding(subject, Verdict.WRONG, reason, remedy)


def not_checked(subject: str, reason: str) -> Finding:
    """One that could not be made, or that does not apply."""
    return Finding(subject, Verdict.NOT_CHECKED, reason)
