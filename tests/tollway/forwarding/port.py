"""A forwarder that runs, and the programs that may use it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.simulator.client import RawClient
from tests.tollway.identified import basic
from tollway import clock
from tollway.environment.upstream import upstream
from tollway.forwarding.forwarder import HOST, Forwarder, running
from tollway.forwarding.login import Login
from tollway.token_command.fresh import Fresh


@dataclass
class Port:
    """One that listens."""

    forwarder: Forwarder
    number: int
    url: str
    """What its program has as HTTPS_PROXY."""

    @property
    def shows(self) -> tuple[str, str]:
        """The header that lets one in."""
        url = urlsplit(self.url)
        return "Proxy-Authorization", basic(url.username or "", url.password or "")

    def client(self, trust: ssl.SSLContext | bool = False, **options: object) -> httpx.AsyncClient:
        """A program that goes through it."""
        return httpx.AsyncClient(proxy=self.url, verify=trust, timeout=60, **options)  # type: ignore[arg-type]

    async def plain(self) -> RawClient:
        """A connection to the port itself."""
        return await RawClient.open(HOST, self.number)

    async def tunnel(
        self, host: str = "other.example", port: int = 443, tls: str | None = None, root: Path | None = None
    ) -> RawClient:
        """A connection through it. Raises Refused."""
        return await RawClient.open(
            host, port, proxy=(HOST, self.number), proxy_headers=(self.shows,), tls=tls, root_ca=root
        )

    async def empties(self) -> None:
        """Wait until no connection stands any more; TimeoutError if one stays."""
        async with asyncio.timeout(60):
            while self.forwarder.connections:
                await asyncio.sleep(0)


@asynccontextmanager
async def forwarding(
    url: str,
    mint: Callable[[], Awaitable[str]],
    *,
    trust: ssl.SSLContext | None = None,
    now: Callable[[], float] = clock.now,
) -> AsyncIterator[Port]:
    """A forwarder to the proxy at `url`, with the tokens that `mint` makes."""
    login = Login()
    forwarder = Forwarder(upstream(url), Fresh(mint, now), login, trust)
    async with running(forwarder) as number:
        yield Port(forwarder, number, login.url(HOST, number))


def always(token: str) -> Callable[[], Awaitable[str]]:
    """A command that prints the same again and again."""

    async def mint() -> str:
        return token

    return mint
