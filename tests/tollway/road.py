"""The whole road in one process: a client, the proxy, the simulator, all on real sockets."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import httpx

from tests.simulator import Simulator
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client
from tollway import clock, paths
from tollway.ca import record, store
from tollway.ca.make import make
from tollway.engine.client_bounds import DEFAULTS, ClientBounds
from tollway.engine.dialling import parse_connect_to
from tollway.engine.proxyserver import Inherited
from tollway.hooks.drain import BOUNDS, Bounds
from tollway.identity.networks import Networks
from tollway.ledger.open import open_books
from tollway.master import Listening, Master
from tollway.model import CallRecord
from tollway.observe.measuring import Measuring
from tollway.policy.load import load
from tollway.providers.load import load as load_providers
from tollway.proxy import Engine, Proxy, Setup, running

HOSTS = (
    "api.openai.com",
    "api.anthropic.com",
    "generativelanguage.googleapis.com",
    "cloudcode-pa.googleapis.com",
    "chatgpt.com",
    "api.mistral.ai",
    "api.groq.com",
    "example.com",
)


@dataclass
class Road:
    """A running proxy between clients and the simulator."""

    proxy: Proxy
    sim: Simulator
    ledger_url: str
    ended: list[CallRecord] = field(default_factory=list)
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    def observe(self, record: CallRecord) -> None:
        """Called by the proxy as each call ends."""
        self.ended.append(record)
        self._more.set()

    async def calls(self, number: int) -> list[CallRecord]:
        """The calls that ended, once there are so many."""
        async with asyncio.timeout(120):
            while len(self.ended) < number:
                self._more.clear()
                await self._more.wait()
        return self.ended

    async def call(self) -> CallRecord:
        """The one call that ended."""
        (record,) = await self.calls(1)
        return record

    async def rows(self) -> list[CallRecord]:
        """What the ledger holds, once it has been told of all calls that ended."""
        await self.proxy.steps.settle.idle()
        for last in self.ended[-1:]:
            await self.proxy.ledger.record(last)  # again, which changes nothing, but behind all others
        books = open_books(self.ledger_url)
        try:
            return list(books.calls())
        finally:
            books.close()

    def trust(self) -> ssl.SSLContext:
        """What a client trusts: Tollway's root alone."""
        return ssl.create_default_context(cafile=str(store.root_path(paths.data_dir() / "ca")))

    def client(self, http2: bool = False, tunnel: bool = False, token: str = "") -> httpx.AsyncClient:
        """A client that goes through the proxy; `tunnel`: it trusts what it is tunnelled to instead; `token`:
        it shows this to the proxy."""
        trust = ssl.create_default_context(cafile=str(self.sim.root_ca)) if tunnel else self.trust()
        proxy = httpx.Proxy(self.proxy.url, auth=("jwt", token) if token else None)
        return httpx.AsyncClient(proxy=proxy, verify=trust, http2=http2, timeout=120)

    async def raw(
        self,
        host: str = "api.openai.com",
        *,
        alpn: tuple[str, ...] = ("http/1.1",),
        shows: tuple[tuple[str, str], ...] = (),
    ) -> RawClient:
        """A connection to a provider's host, decrypted by the proxy: every byte is the caller's.

        `shows`: headers of its CONNECT.
        """
        root = store.root_path(paths.data_dir() / "ca")
        proxy = (self.proxy.host, self.proxy.port)
        return await RawClient.open(
            host, 443, proxy=proxy, proxy_headers=shows, tls=host, root_ca=root, alpn=alpn
        )

    async def raw2(self, host: str = "api.openai.com") -> Http2Client:
        """The same over HTTP/2."""
        return await Http2Client.on(await self.raw(host, alpn=("h2",)))

    async def plain(self) -> RawClient:
        """A connection to the proxy itself."""
        return await RawClient.open(self.proxy.host, self.proxy.port)

    def step[S](self, kind: type[S]) -> S:
        """The step of the chain that is of this class."""
        return next(step for step in self.proxy.steps.steps if isinstance(step, kind))

    def direct(self, http2: bool = False) -> httpx.AsyncClient:
        """A client that dials the simulator under its hosts' names, with no proxy between."""
        trust = ssl.create_default_context(cafile=str(self.sim.root_ca))
        transport = httpx.AsyncHTTPTransport(verify=trust, http2=http2)
        transport._pool._network_backend = Redirected(transport._pool._network_backend, self.sim)  # type: ignore[assignment]
        return httpx.AsyncClient(transport=transport, timeout=120)


class Redirected:
    """A network in which every host is the simulator."""

    def __init__(self, backend: object, sim: Simulator) -> None:
        self._backend = backend
        self._sim = sim

    async def connect_tcp(self, host: str, port: int, **options: object) -> object:
        """Connect to the simulator, whatever the host."""
        return await self._backend.connect_tcp(self._sim.address, self._sim.port, **options)  # type: ignore[attr-defined]


@cache
def authority() -> bytes:
    """One for all roads of this process: to make one takes longer than most tests."""
    return record.dump(make(load_providers(()).hosts(), clock.utc(clock.now())))


def with_authority(folder: Path) -> None:
    """Have a proxy find an authority there that covers the hosts it knows by itself."""
    if not folder.exists():
        store.replace(store.secret_path(paths.make_dir(folder)), authority())


@asynccontextmanager
async def road(
    folder: Path,
    sim: Simulator,
    *,
    policy: str = "version: 1",
    host: str = "127.0.0.1",
    modes: tuple[str, ...] = ("regular",),
    set_options: tuple[str, ...] = (),
    logins: Mapping[tuple[str, int], str] = MappingProxyType({}),
    past: str = "",
    own_certificate: Path | None = None,
    hosts: tuple[str, ...] = HOSTS,
    drain_seconds: float = 5.0,
    tags: dict[str, str] | None = None,
    drains: Bounds = BOUNDS,
    policy_file: Path | None = None,
    elsewhere: Mapping[str, int] = MappingProxyType({}),
    reached: tuple[str, ...] = (),
    measuring: Measuring | None = None,
    engine: Callable[..., Engine] = Master,
    observe: Callable[[CallRecord], None] = lambda record: None,
    ledger_url: str = "",
    bounds: ClientBounds = DEFAULTS,
    balancers: Networks[None] = (),
    inherited: Inherited | None = None,
) -> AsyncIterator[Road]:
    """A proxy of this policy in front of the simulator, its ledger in `folder`, unless it is elsewhere.

    `elsewhere`: hosts that are not the simulator, with their ports on this machine; `reached`: more of where
    addresses lead, as `--connect-to` has it. `measuring`: counts.
    `observe` sees each call as it ends, before the road does. `bounds`: of what clients control.
    `balancers`: whose connections begin with a PROXY protocol header. `inherited`: what it listens on.
    """
    url = ledger_url or f"sqlite:{folder / 'ledger.db'}"
    made: list[Road] = []
    counting = measuring or Measuring()

    def observed(record: CallRecord) -> None:
        counting.observe(record)
        observe(record)
        made[0].observe(record)

    setup = Setup(
        policy=load(policy, "test.yaml"),
        ledger_url=url,
        listening=Listening(
            host=host,
            port=0,
            modes=modes,
            set_options=(f"ssl_verify_upstream_trusted_ca={sim.root_ca}", *set_options),
            logins=logins,
            past=past,
            own_certificate=own_certificate,
            bounds=bounds,
            balancers=balancers,
            inherited=inherited,
        ),
        connect_to=dict(
            parse_connect_to(text)
            for name in hosts
            for text in (sim.connect_to(name), f"{name}:80:{sim.address}:{sim.plain_port}")
        )
        | {(name, 443): ("127.0.0.1", port) for name, port in elsewhere.items()}
        | dict(map(parse_connect_to, reached)),
        tags=tags or {},
        observe=observed,
        turned_away=counting.turned_away,
        unread=counting.unread,
        discovered=counting.discovered,
        reloaded=counting.reloaded,
        engine=engine,
        drain_seconds=drain_seconds,
        drains=drains,
        policy_file=policy_file,
    )
    if not setup.policy.providers:
        with_authority(paths.data_dir() / "ca")
    async with running(setup) as proxy:
        made.append(Road(proxy, sim, url))
        yield made[0]
