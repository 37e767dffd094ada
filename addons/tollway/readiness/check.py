"""One thing that a proxy needs in order to take calls: whether it is there, and why."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Status(StrEnum):
    """What a check comes to."""

    OK = "ok"
    WARN = "warn"
    """Calls are served as they should be; somebody should look before that ends."""
    FAIL = "fail"
    """Calls are refused, or would break."""


_WORST = (Status.OK, Status.WARN, Status.FAIL)


class Check(Struct, frozen=True):
    """No field ever has a password, token or key, or what the policy says."""

    name: str
    """`serving`, `store`, `policy`, `ca`, `clock`; of several processes `workers`, too."""
    status: Status
    reason: str
    figures: Mapping[str, int] = {}
    """What a program may compare: whole numbers, with their unit in the name."""


def ok(name: str, reason: str, **figures: int) -> Check:
    """One that found nothing."""
    return Check(name, Status.OK, reason, figures)


def warn(name: str, reason: str, **figures: int) -> Check:
    """One that found what calls do not suffer from yet."""
    return Check(name, Status.WARN, reason, figures)


def fail(name: str, reason: str, **figures: int) -> Check:
    """One that found what keeps calls from being served."""
    return Check(name, Status.FAIL, reason, figures)


def severity(check: Check) -> int:
    """How bad it is: 0 is well."""
    return _WORST.index(check.status)


def is_ready(checks: Iterable[Check], strict: bool = False) -> bool:
    """Whether calls may be sent. `strict`: what is to be looked at stands in the way, too."""
    most = Status.OK if strict else Status.WARN
    return all(severity(check) <= _WORST.index(most) for check in checks)


def as_json(checks: Iterable[Check], strict: bool = False) -> dict[str, Any]:
    """`{"ready": true, "checks": {NAME: {"status", "reason", and its figures}}}`."""
    found = tuple(checks)
    return {
        "ready": is_ready(found, strict),
        "checks": {
            each.name: {"status": each.status.value, "reason": each.reason, **each.figures} for each in found
        },
    }
