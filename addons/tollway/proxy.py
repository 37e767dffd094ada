"""A running proxy: all it is made of, put together, and taken apart in the order that loses nothing."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mitmproxy.utils import asyncio_utils

from tollway import clock, key_files, paths, price_file, secret
from tollway.accounting import Accounting
from tollway.addresses import url
from tollway.alarms import Alarms
from tollway.ca.anchor import Anchors
from tollway.ca.authority import Authority
from tollway.cache.open import machine, open_answers
from tollway.caching.store import Answers
from tollway.chain import Chain, Parts, chain
from tollway.discovering import Discovering, of_nothing
from tollway.discovering import Told as Seen
from tollway.discovery.services import Found, known_services
from tollway.engine.dialling import Address, Dialling
from tollway.governing import Governing
from tollway.hooks.drain import BOUNDS, Bounds
from tollway.hooks.unread import Told
from tollway.ledger.open import open_books, open_keys, open_ledger, open_pages, path_of
from tollway.ledger.store import Budgets, Ledger
from tollway.master import Listening, Master
from tollway.model import CallRecord
from tollway.noticing import Noticing
from tollway.observe.alerting import Alerting
from tollway.observe.post import AddressError
from tollway.own_name import is_own_name
from tollway.page.setup import Root
from tollway.planning import Planning
from tollway.policy.limits import Limits
from tollway.policy.schema import Policy
from tollway.providers.load import load as load_providers
from tollway.providers.recognise import owner
from tollway.providers.registry import Registry
from tollway.quarantine import Quarantine
from tollway.reading import ALL_SECONDS, OWN_SECONDS, Reading
from tollway.reloading import Reloading
from tollway.screening import guard_key, screening
from tollway.secret_place import SecretPlace
from tollway.signing import KeyPlace, Signing
from tollway.texts.file import beside
from tollway.texts.pruning import Pruning
from tollway.texts.writer import TextWriter
from tollway.upkeep import Upkeep
from tollway.watching import Watching

logger = logging.getLogger(__name__)

FIXED: dict[str, Callable[[Policy], object]] = {
    "providers": lambda policy: policy.providers,
    "prices": lambda policy: policy.prices,
    "faults.abandoned": lambda policy: policy.faults.abandoned,
    "faults.tunnels": lambda policy: policy.faults.tunnels,
    "faults.durability": lambda policy: policy.faults.durability,
}
"""Parts of a policy that hold as they were when the proxy started; the others are swapped while it runs."""

DRAIN_SECONDS = 30.0
"""What calls in flight get to finish when the proxy is asked to stop."""
ALERT_SECONDS = 5.0
"""What alerts get to reach the webhook after that."""


class Engine(Protocol):
    """What carries the calls down the chain; made as `Master` is."""

    async def start(self) -> list[tuple[str, int]]:
        """Listen; the addresses that were bound. Raises TollwayError where it can't be."""

    async def listen_no_more(self) -> None:
        """Take no more connections; those that stand go on."""

    async def stop(self) -> None:
        """Close what is left of the connections."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a proxy is asked to be."""

    policy: Policy
    ledger_url: str
    listening: Listening = field(default_factory=Listening)
    connect_to: Mapping[Address, Address] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    observe: Callable[[CallRecord], None] = lambda record: None
    """Sees each call as it ends."""
    turned_away: Callable[[str], None] = lambda limit: None
    """Hears the name of each limit that refuses a call."""
    unread: Told = lambda provider, why, done: None
    """Hears of each connection to a provider that nobody can read."""
    discovered: Seen = lambda service, sighting: None
    """Hears what passed to AI services that are not read, once it is written."""
    reloaded: Callable[[bool], None] = lambda ok: None
    """Hears whether another policy is in force, each time that its file was read anew."""
    drains: Bounds = BOUNDS
    """How far calls are read on whose client left."""
    drain_seconds: float = DRAIN_SECONDS
    policy_file: Path | None = None
    """Watched while the proxy runs; None: the policy stays as it is."""
    engine: Callable[..., Engine] = Master
    ca_key: SecretPlace | None = None
    """Where the keys of the certificate authority are; None: in its folder."""
    own_certificates: bool = True
    """The engine shows clients those of Tollway's authority, which its page hands out therefore."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that listens."""

    addresses: Sequence[tuple[str, int]]
    """Where it listens, in the order of its modes."""
    signing: Signing
    ledger: Ledger
    steps: Chain
    planning: Planning
    """What providers say of plans."""
    governing: Governing
    """What the policy in force makes of calls."""
    reloading: Reloading | None = None
    """What reads the policy file anew; None: there is none."""
    discovering: Discovering = field(default_factory=of_nothing)
    """What passes to AI services that are not read."""

    @property
    def authority(self) -> Authority:
        """The certificate authority that signs."""
        return self.signing.authority

    @property
    def host(self) -> str:
        """The address of its first mode."""
        return self.addresses[0][0]

    @property
    def port(self) -> int:
        """The port of its first mode."""
        return self.addresses[0][1]

    @property
    def url(self) -> str:
        """What HTTPS_PROXY is set to."""
        return self.urls[0]

    @property
    def urls(self) -> list[str]:
        """All that it listens on."""
        return [url(*address) for address in self.addresses]


@asynccontextmanager
async def running(setup: Setup) -> AsyncIterator[Proxy]:
    """A proxy for as long as the context lasts. Raises TollwayError where it can't be had.

    At the end: no new calls, those in flight finish (bounded), estimates are written, alerts are sent
    (bounded), the ledger is closed.
    """
    alerting = Alerting(os.environ)
    alerting.follow(setup.policy.alerts)
    registry = load_providers(setup.policy.provider_rows())
    signing = certificate_authority(registry, setup.ca_key)

    def is_ours(host: str, port: int) -> bool:
        return is_own_name(host) or owner(registry, host, port) is not None

    open_until = ExitStack()
    ledger = open_ledger(setup.ledger_url, durability=setup.policy.faults.durability)
    texts = TextWriter(beside(path_of(setup.ledger_url)))
    answers = open_answers(setup.ledger_url, setup.policy.cache_size, doubting(ledger))
    try:
        key = secret.load_or_make(paths.make_dir(paths.data_dir()))
        accounting = Accounting(price_file.book(setup.policy), clock.now)
        quarantine = Quarantine()
        quarantine.learn(await ledger.quarantined())
        keys = open_keys(setup.ledger_url)
        open_until.callback(keys.close)
        here = machine(setup.ledger_url, key)
        governing = Governing(accounting, registry, quarantine, os.environ, keys.find, guard_key(key), here)
        await put_in_force(setup.policy, governing, ledger)
        reading, overlooking = (
            Reading(lambda: open_pages(setup.ledger_url), seconds) for seconds in (OWN_SECONDS, ALL_SECONDS)
        )
        for each in (reading, overlooking):
            open_until.callback(each.close)
        planning = Planning(ledger.note_plan, clock.now_us)
        services = known_services()
        alarms = Alarms(
            ledger,
            alerting,
            lambda: open_books(setup.ledger_url),
            lambda: governing.zone,
            services,
            path_of(setup.ledger_url),
            clock.now_us,
        )
        tell, told = alarms.once.at_once, hearing(setup.discovered, alarms.spotting.discovered)
        discovering = Discovering(services, ledger.note_tunnels, lambda: governing.zone, clock.now_us, told)

        def service(host: str, port: int) -> Found | None:
            found = services.find(host)
            return None if found is None or owner(registry, host, port) is not None else found

        watch = Watching(lambda key: governing.limits.levels(key), ledger, quarantine, tell, clock.now_us)
        steps = chain(
            Parts(
                registry=registry,
                governing=governing,
                ledger=ledger,
                texts=texts,
                answers=answers,
                accounting=accounting,
                clock=clock.now,
                secret=key,
                is_ours=is_ours,
                whose=lambda host, port: owner(registry, host, port),
                unread=setup.unread,
                tags=setup.tags,
                observe=hearing(setup.observe, Noticing(tell, clock.now_us), alarms.spotting.ended),
                watch=watch,
                refused=watch.refused,
                turned_away=setup.turned_away,
                unpriced=alarms.spotting.refused,
                violated=watch.violated,
                plan=planning.hear,
                discovering=discovering,
                service=service,
                drains=setup.drains,
                reading=reading,
                overlooking=overlooking,
                roots=(lambda: told_roots(signing.anchors())) if setup.own_certificates else None,
            )
        )
        engine = setup.engine(
            setup.listening,
            steps.steps,
            dialling=Dialling(setup.connect_to, setup.policy.faults.tunnels),
            leaf=signing.entry,
            is_ours=is_ours,
            refuse=steps.refuse,
            reading=steps.unread.judge,
            passing=steps.discover,
            beside=(steps.unread,),
        )
        addresses = await engine.start()
        warming = asyncio.get_running_loop().run_in_executor(None, accounting.warm)
        upkeep = Upkeep(ledger, steps.drain.holding, quarantine, clock.now_us)
        reloading = watching(setup, governing, ledger, alerting, answers, signing)
        pruning = Pruning((texts, answers), clock.now_us)
        tasks = [
            in_background(task.run())
            for task in (upkeep, pruning, discovering, signing, *alarms.tasks, reloading)
            if task is not None
        ]
        try:
            yield Proxy(addresses, signing, ledger, steps, planning, governing, reloading, discovering)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*(asyncio.to_thread(each.close) for each in (reading, overlooking)))
            await governing.stop()
            await engine.listen_no_more()
            if not await steps.drain.stop(setup.drain_seconds):
                left = steps.drain.in_flight()
                logger.warning("%d calls were still running; they are charged at their estimate", left)
            await warming
            await engine.stop()  # what still runs ends here, and is estimated
            await steps.settle.idle()
            steps.holds.write_again()
            await watch.idle()
            await discovering.write()
            await alarms.once.flush()
            await alerting.stop(ALERT_SECONDS)
    finally:
        open_until.close()
        for close in (texts.close, answers.close, ledger.close):
            await asyncio.get_running_loop().run_in_executor(None, close)


def watching(
    setup: Setup,
    governing: Governing,
    ledger: Budgets,
    alerting: Alerting,
    answers: Answers,
    signing: Signing,
) -> Reloading | None:
    """What reads the policy file when it changes; None where there is none. The authority is read with it."""
    if setup.policy_file is None:
        return None

    async def apply(policy: Policy) -> None:
        signing.ask()
        if later := [name for name, part in FIXED.items() if part(policy) != part(setup.policy)]:
            logger.warning("of the new policy, %s waits for Tollway's next start", ", ".join(later))
        await put_in_force(policy, governing, ledger)
        answers.resize(policy.cache_size)
        try:
            alerting.follow(policy.alerts)
        except AddressError as error:  # only a start gets a process other variables: limits are not to wait
            logger.error("%s; alerts go where they went", error)

    return Reloading(
        setup.policy_file, apply, lambda: key_files.paths(governing.policy), reloaded=setup.reloaded
    )


def doubting(ledger: Budgets) -> Callable[[], None]:
    """What has the ledger find out by itself whether its server is there, before a call waits for that."""
    asked: list[asyncio.Future[Any]] = []

    def look() -> None:
        if asked and not asked[0].done():
            return
        asked[:] = (ledger.look((), clock.now_us()),)
        asked[0].add_done_callback(lambda done: done.cancelled() or done.exception())  # it says so itself

    return look


def in_background(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """A task of its own, until it is cancelled."""
    return asyncio_utils.create_task(work, name="background", keep_ref=True)


async def put_in_force(policy: Policy, governing: Governing, ledger: Budgets) -> None:
    """Have the ledger hold a policy's limits, then have calls meet them. Raises LedgerError, and PolicyError
    for a file that the policy names."""
    limits, owners = Limits(policy), await asyncio.to_thread(key_files.read, policy)
    screens = governing.screening
    if policy.guardrails != governing.policy.guardrails:  # what was found is forgotten with them
        screens = await asyncio.to_thread(screening, policy, governing.guard_key)
    if limits or governing.limits:
        await ledger.adopt(limits, clock.now_us())
    governing.swap(policy, limits, owners, screens)


def hearing[**P](*ears: Callable[P, None]) -> Callable[P, None]:
    """All of them, one after the other."""

    def hear(*heard: P.args, **named: P.kwargs) -> None:
        for ear in ears:
            ear(*heard, **named)

    return hear


def told_roots(anchors: Anchors) -> tuple[Root, ...]:
    """What the proxy's page tells of its authority, and of that which takes its place: nothing of a key."""
    return tuple(
        Root(pem=each.root_pem(), id=each.id, fingerprint=each.fingerprint(), ends=each.ends())
        for each in anchors.all
    )


def certificate_authority(registry: Registry, key: SecretPlace | None) -> Signing:
    """The authority of the data folder, made at first use unless its key is elsewhere.

    Says so if it does not cover a provider's host, or ends soon.
    """
    place = None if key is None else KeyPlace(key, os.environ)
    signing = Signing(paths.data_dir() / "ca", registry.hosts(), lambda: clock.utc(clock.now()), place)
    foreign = signing.authority.uncovered(registry.hosts())
    if foreign:
        logger.warning(
            "the certificate authority does not permit %s: clients will refuse the connection; run "
            "`tollway ca init --force`, and let clients trust the new one (`tollway ca trust`); or `tollway "
            "ca rotate`, if it can wait until they trust both",
            ", ".join(foreign),
        )
    return signing
