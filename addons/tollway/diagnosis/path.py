"""A client's path to the providers, from its variables on: where one cause stops it, that is one finding."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from tollway.diagnosis import certificates, clock_skew, provider, proxy, trust, variables
from tollway.diagnosis.certificates import Expected, Presented
from tollway.diagnosis.finding import Finding, not_checked
from tollway.diagnosis.provider import Answered
from tollway.diagnosis.proxy import Contact
from tollway.diagnosis.trust import View
from tollway.diagnosis.variables import Named

RUNTIMES = "trust of runtimes"
NO_PROXY = "there is no proxy to go through"
NO_DATE = "nothing that answered told the time"


class Visit(Struct, frozen=True, kw_only=True):
    """What came of going to a provider's host through the proxy."""

    presented: Presented
    answered: Answered
    skew: float | None = None
    """Seconds by which this clock is ahead of that of who answered, as its `Date` has it."""
    wants_login: bool = False
    """Whether the proxy opens no tunnel to a client that shows what this one does."""


class Path(Struct, frozen=True, kw_only=True):
    """What was found along it, as far as it was gone."""

    named: Named
    contact: Contact | None = None
    """None: no proxy is named."""
    expected: Expected | None = None
    views: tuple[View, ...] = ()
    visits: tuple[Visit, ...] = ()
    """Empty where the proxy could not be reached."""


def judge(path: Path, now: datetime) -> Iterator[Finding]:
    """What there is to say of it."""
    yield from variables.judge(path.named)
    if path.contact is None:
        yield from _not_gone(NO_PROXY)
        return
    yield from proxy.judge(path.named, path.contact)
    if (why := _stopped(path, path.contact)) is not None:
        yield from _not_gone(why)
        return
    shown = path.visits[0].presented
    yield certificates.judge(shown, path.expected, path.named.local, now)
    if path.contact.lets_through:
        remedy = _remedy(path, shown.authority)
        yield from (trust.judge(view, remedy) for view in path.views)
    else:
        yield not_checked(RUNTIMES, proxy.why_not(path.contact))
    yield from provider.judge([each.answered for each in path.visits])
    yield _clock(path)


def _stopped(path: Path, contact: Contact) -> str | None:
    """Why nothing is known of what lies beyond the proxy; None: something is."""
    if contact.is_lost or contact.is_closed:
        return proxy.why_not(contact)
    if path.visits[0].wants_login:
        return proxy.CLOSED
    if path.visits[0].presented.failure is not None and not contact.lets_through:
        return proxy.why_not(contact)
    return None


def _not_gone(why: str) -> Iterator[Finding]:
    for subject in (certificates.SUBJECT, RUNTIMES, provider.SUBJECT, clock_skew.SUBJECT):
        yield not_checked(subject, why)


def _clock(path: Path) -> Finding:
    for visit in path.visits:
        if visit.skew is not None:
            return clock_skew.judge(visit.skew, visit.answered.host)
    return not_checked(clock_skew.SUBJECT, NO_DATE)


def _remedy(path: Path, authority: str | None) -> str:
    """What makes runtimes trust this proxy."""
    at_hand = None
    if path.expected is not None and path.expected.has(authority):
        at_hand = path.expected.file if path.expected.chosen else ""
    return trust.remedy(at_hand, _option(path.named))


def _option(named: Named) -> str:
    """How `tollway env` is told of the proxy: by its variable, which may hold a token, where it has one."""
    if named.is_default:
        return ""
    url = proxy.address(named) if named.source == variables.OPTION else f'"${named.source}"'
    return f" --proxy {url}"
