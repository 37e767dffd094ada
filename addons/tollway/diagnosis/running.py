"""A proxy that runs, by what its admin address says."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tollway.diagnosis.finding import Finding, doubtful, not_checked, well, wrong
from tollway.readiness.check import Check, Status

SUBJECT = "running"
_TOKEN = "--admin-token-file FILE shows a token, as the variable TOLLWAY_ADMIN_TOKEN does"


class Answered(Struct, frozen=True, kw_only=True):
    """What came of asking for `/readyz`."""

    place: str
    """As it was asked."""
    failure: str | None = None
    """Why there was no answer."""
    status: int = 0
    checks: Mapping[str, Check] | None = None
    """None: none were told."""


def judge(found: Answered) -> Iterator[Finding]:
    """What there is to say of it: of each check that is not well, or that all are."""
    if found.failure is not None:
        yield wrong(SUBJECT, f"{found.place} does not answer: {found.failure}", _STARTED)
    elif found.status == 401:
        yield wrong(SUBJECT, f"{found.place} asks for a token, and was shown none that it knows", _TOKEN)
    elif found.status not in (200, 503):
        yield wrong(
            SUBJECT, f"{found.place} is no admin address of a Tollway: it says {found.status}", _STARTED
        )
    elif found.checks is None:
        yield from _short(found)
    else:
        yield from _each(found.place, found.checks)


_STARTED = "start the proxy with --admin PLACE, and name that"


def _short(found: Answered) -> Iterator[Finding]:
    """Yes or no, and not why."""
    if found.status == 200:
        yield well(SUBJECT, f"{found.place} says that it is ready")
    else:
        yield wrong(SUBJECT, f"{found.place} says that it is not ready, and not why", _TOKEN)


def _each(place: str, checks: Mapping[str, Check]) -> Iterator[Finding]:
    bad = [check for check in checks.values() if check.status is not Status.OK]
    for check in bad:
        say = wrong if check.status is Status.FAIL else doubtful
        yield say(SUBJECT, f"{check.name}: {check.reason}")
    if not checks:
        yield not_checked(SUBJECT, f"{place} names no check")
    elif not bad:
        yield well(SUBJECT, f"{place} is ready: {', '.join(checks)}")
