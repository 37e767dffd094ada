"""All checks of a set-up, at the same time, and what they come to."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from tollway import clock, paths
from tollway.apart import apart
from tollway.diagnosis import (
    authority,
    certificates,
    clock_skew,
    ledger,
    policy,
    provider,
    proxy,
    trust,
    variables,
)
from tollway.diagnosis.finding import Finding, not_checked
from tollway.diagnosis.proxy import Contact
from tollway.diagnosis.trust import View
from tollway.diagnosis.variables import Named
from tollway.environment.upstream import Upstream, key_of_tollways, named
from tollway.environment.upstream import trust as roots_of
from tollway.providers.load import load
from tollway.symptoms import authority as authorities
from tollway.symptoms import contact, files, java, runtimes
from tollway.symptoms import ledger as ledgers
from tollway.symptoms import policy as policies
from tollway.symptoms import variables as proxies
from tollway.symptoms.certificates import Visit, visit
from tollway.symptoms.tunnel import Way

HOSTS = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com")
"""Where it is tried whether providers are reached."""
TO_REACH = 0.4
"""The part of the time that the proxy gets to take a connection."""
LOCK_PART = 0.2
"""The part of the time that another process gets to let go of the ledger."""


class Setup(Struct, frozen=True, kw_only=True):
    """What is to be checked."""

    environment: Mapping[str, str]
    proxy: str | None = None
    """Of --proxy; None: that of the environment."""
    ca: Path | None = None
    policy: Path | None = None
    ledger: str | None = None
    hosts: Sequence[str] = HOSTS
    seconds: float = 4.0
    """For all of it."""


class Local(NamedTuple):
    """What needs no network."""

    named: Named
    proxy: Upstream | None
    expected: certificates.Expected | None
    findings: tuple[Finding, ...]


async def examine(setup: Setup, now: Callable[[], float] = clock.now) -> tuple[Finding, ...]:
    """Everything that there is to say, the client's way to the providers first.

    Nothing is made or changed, no model is called, and no key is shown to anybody. Raises AuthorityError for
    a `ca` that is none.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + setup.seconds
    # The ledger may be locked: it is looked at while the rest goes on.
    kept = asyncio.ensure_future(apart(partial(ledgers.kept, setup.ledger, setup.seconds * LOCK_PART)))
    local = await apart(partial(_local, setup, now))
    remote = await _remote(setup, local, now, lambda: max(end - loop.time(), 0.1))
    return (*variables.judge(local.named), *remote, *local.findings, *ledger.judge(await kept))


def _local(setup: Setup, now: Callable[[], float]) -> Local:
    folder, today = paths.data_dir() / "ca", clock.utc(now())
    examined, in_force = policies.examined(setup.policy, setup.environment)
    hosts = load(in_force.provider_rows()).hosts()
    named, found = proxies.seen(setup.environment, setup.proxy, hosts)
    own = authority.judge(authorities.held(folder, hosts, today))
    expected = authorities.expected(folder, setup.ca)
    return Local(named, found, expected, (*policy.judge(examined), *own))


async def _remote(
    setup: Setup, local: Local, now: Callable[[], float], left: Callable[[], float]
) -> list[Finding]:
    """What there is to say of the proxy, and of what lies beyond it. `left`: seconds until the end."""
    if local.proxy is None:
        return _without("there is no proxy to go through")
    way = Way(local.proxy, _roots(setup, None))
    reached = await contact.reach(way, setup.seconds * TO_REACH)
    if reached is not None:
        return [*proxy.judge(local.named, reached), *_without(proxy.why_not(reached))]
    led = leading(setup.environment, setup.proxy)
    asked, views, visits = await asyncio.gather(
        contact.asked(way, _roots(setup, local.expected), left(), key_of_tollways(setup.environment)),
        _views(way, led, left()),
        asyncio.gather(*(visit(way, host, left(), now) for host in setup.hosts)),
    )
    return _said(setup, local, asked, views, visits, now)


def _roots(setup: Setup, expected: certificates.Expected | None) -> ssl.SSLContext:
    """What this environment trusts, and with it the root that is at hand."""
    try:
        context = roots_of(setup.environment)
    except OSError:  # which is told of who reads the same variable
        context = ssl.create_default_context()
    if expected is not None:
        context.load_verify_locations(expected.file)
    return context


async def _views(way: Way, environment: Mapping[str, str], seconds: float) -> list[View]:
    """What each runtime makes of the proxy."""
    found = await asyncio.gather(
        *(runtimes.asked(each, way.proxy, environment, seconds) for each in runtimes.runtimes()),
        *(files.asked(each, way, environment, seconds) for each in files.READERS),
        java.asked(way, environment, seconds),
    )
    return [each for each in found if each is not None]


def _said(
    setup: Setup,
    local: Local,
    asked: Contact,
    views: Sequence[View],
    visits: Sequence[Visit],
    now: Callable[[], float],
) -> list[Finding]:
    named, shown = local.named, visits[0].presented
    findings = list(proxy.judge(named, asked))
    if asked.is_lost or asked.is_closed:
        return [*findings, *_without(proxy.why_not(asked))]
    if visits[0].wants_login:
        return [*findings, *_without(proxy.CLOSED)]
    if shown.failure is not None and not asked.lets_through:  # one cause, which has its finding
        return [*findings, *_without(proxy.why_not(asked))]
    findings.append(certificates.judge(shown, local.expected, named.local, clock.utc(now())))
    remedy = _remedy(setup, local, shown.authority)
    if asked.lets_through:
        findings += [trust.judge(each, remedy) for each in views]
    else:
        findings.append(not_checked(RUNTIMES, proxy.why_not(asked)))
    findings += provider.judge([each.answered for each in visits])
    findings.append(_clock(visits))
    return findings


def _clock(visits: Sequence[Visit]) -> Finding:
    told = next((each for each in visits if each.skew is not None), None)
    if told is None:
        return not_checked(clock_skew.SUBJECT, "nothing that answered told the time")
    assert told.skew is not None
    return clock_skew.judge(told.skew, told.answered.host)


RUNTIMES = "trust of runtimes"


def _without(why: str) -> list[Finding]:
    subjects = (certificates.SUBJECT, RUNTIMES, provider.SUBJECT, clock_skew.SUBJECT)
    return [not_checked(each, why) for each in subjects]


def _remedy(setup: Setup, local: Local, authority: str | None) -> str:
    expected = local.expected
    at_hand = None
    if expected is not None and expected.authority == authority:
        at_hand = expected.file if expected.chosen else ""
    if local.named.is_default:
        return trust.remedy(at_hand, "")
    if setup.proxy is not None:
        return trust.remedy(at_hand, f" --proxy {proxy.address(local.named)}")
    return trust.remedy(at_hand, f' --proxy "${local.named.source}"')


def leading(environment: Mapping[str, str], option: str | None) -> dict[str, str]:
    """The environment of runtimes that are asked: through the proxy, whatever NO_PROXY says, which has a
    finding of its own."""
    url = named(environment) if option is None else option
    kept = {name: value for name, value in environment.items() if name.lower() not in _OVERRIDDEN}
    led = {"HTTPS_PROXY": url or "", "https_proxy": url or ""}
    return {**kept, **led, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


_OVERRIDDEN = frozenset({"https_proxy", "http_proxy", "all_proxy", "no_proxy", "lc_all"})
