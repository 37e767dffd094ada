"""All checks of a set-up, at the same time, and what they come to."""

import asyncio
import pathlib
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from tollway import clock, paths
from tollway.apart import apart
from tollway.diagnosis import authority, ledger, policy, running
from tollway.diagnosis.certificates import Expected
from tollway.diagnosis.finding import Finding
from tollway.diagnosis.path import Path, judge
from tollway.diagnosis.trust import View
from tollway.diagnosis.variables import Named
from tollway.environment.upstream import Upstream, key_of_tollways, named, trust
from tollway.observe.place import Place
from tollway.providers.load import load
from tollway.symptoms import admin, contact, files, java, runtimes
from tollway.symptoms import authority as authorities
from tollway.symptoms import ledger as ledgers
from tollway.symptoms import policy as policies
from tollway.symptoms import variables as proxies
from tollway.symptoms.certificates import visit
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
    ca: pathlib.Path | None = None
    policy: pathlib.Path | None = None
    ledger: str | None = None
    admin: Place | None = None
    """Where a proxy that runs says how it is; None: it is not asked."""
    token: str | None = None
    """Is shown there."""
    hosts: Sequence[str] = HOSTS
    seconds: float = 4.0
    """For all of it."""


class Local(NamedTuple):
    """What needs no network."""

    named: Named
    proxy: Upstream | None
    expected: Expected | None
    findings: tuple[Finding, ...]


async def examine(setup: Setup, now: Callable[[], float] = clock.now) -> tuple[Finding, ...]:
    """Everything that there is to say, the client's way to the providers first.

    Nothing is made or changed, no model is called, and no key is shown to anybody but a Tollway. Raises
    AuthorityError for a `ca` that is none.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + setup.seconds
    # The ledger may be locked: it is looked at while the rest goes on.
    kept = asyncio.ensure_future(apart(partial(ledgers.kept, setup.ledger, setup.seconds * LOCK_PART)))
    told = asyncio.ensure_future(_running(setup))
    local = await apart(partial(_local, setup, now))
    path = await _gone(setup, local, now, lambda: max(end - loop.time(), 0.1))
    found = (*judge(path, clock.utc(now())), *local.findings, *ledger.judge(await kept))
    return (*found, *await told)


async def _running(setup: Setup) -> tuple[Finding, ...]:
    """What a proxy says of itself, where it is named."""
    if setup.admin is None:
        return ()
    return tuple(running.judge(await admin.asked(setup.admin, setup.token, setup.seconds)))


def _local(setup: Setup, now: Callable[[], float]) -> Local:
    folder, today = paths.data_dir() / "ca", clock.utc(now())
    examined, in_force = policies.examined(setup.policy, setup.environment)
    hosts = load(in_force.provider_rows()).hosts()
    named, found = proxies.seen(setup.environment, setup.proxy, hosts)
    own = authority.judge(authorities.held(folder, hosts, today))
    expected = authorities.expected(folder, setup.ca)
    return Local(named, found, expected, (*policy.judge(examined), *own))


async def _gone(setup: Setup, local: Local, now: Callable[[], float], left: Callable[[], float]) -> Path:
    """The client's path, as far as it leads. `left`: seconds until the end."""
    if local.proxy is None:
        return Path(named=local.named)
    way = Way(local.proxy, _roots(setup, None))
    reached = await contact.reach(way, setup.seconds * TO_REACH)
    if reached is not None:
        return Path(named=local.named, contact=reached)
    led = leading(setup.environment, setup.proxy)
    asked, views, visits = await asyncio.gather(
        contact.asked(way, _roots(setup, local.expected), left(), key_of_tollways(setup.environment)),
        _views(way, led, left()),
        asyncio.gather(*(visit(way, host, left(), now) for host in setup.hosts)),
    )
    return Path(named=local.named, contact=asked, expected=local.expected, views=views, visits=tuple(visits))


def _roots(setup: Setup, expected: Expected | None) -> ssl.SSLContext:
    """What this environment trusts, and with it the root that is at hand."""
    try:
        context = trust(setup.environment)
    except OSError:  # which is told of who reads the same variable
        context = ssl.create_default_context()
    if expected is not None:
        context.load_verify_locations(expected.file)
    return context


async def _views(way: Way, environment: Mapping[str, str], seconds: float) -> tuple[View, ...]:
    """What each runtime makes of the proxy."""
    found = await asyncio.gather(
        *(runtimes.asked(each, way.proxy, environment, seconds) for each in runtimes.runtimes()),
        *(files.asked(each, way, environment, seconds) for each in files.READERS),
        java.asked(way, environment, seconds),
    )
    return tuple(each for each in found if each is not None)


def leading(environment: Mapping[str, str], option: str | None) -> dict[str, str]:
    """The environment of runtimes that are asked: through the proxy, whatever NO_PROXY says, which has a
    finding of its own."""
    url = named(environment) if option is None else option
    kept = {name: value for name, value in environment.items() if name.lower() not in _OVERRIDDEN}
    led = {"HTTPS_PROXY": url or "", "https_proxy": url or ""}
    return {**kept, **led, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


_OVERRIDDEN = frozenset({"https_proxy", "http_proxy", "all_proxy", "no_proxy", "lc_all"})
