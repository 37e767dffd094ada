"""Ways through a proxy, and what stands in them."""

import asyncio
import os
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.simulator import Host
from tests.simulator.certificates import Authority
from tests.tollway.proxies import served
from tests.tollway.road import Road
from tollway.environment.upstream import upstream
from tollway.symptoms.tunnel import Streams, Way

SECONDS = 60.0
"""What nothing here takes."""
HOST = "api.openai.com"


def way(url: str, root: Path | None = None) -> Way:
    """To the proxy at a URL; `root`: by what an `https://` one's certificate is checked."""
    return Way(upstream(url), ssl.create_default_context(cafile=root))


def bare(home: Path) -> dict[str, str]:
    """An environment with nothing of this machine's in it but PATH."""
    home.mkdir(exist_ok=True)
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@asynccontextmanager
async def over_tls(road: Road, folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """The URL of the same proxy over TLS, and the root of its own certificate."""
    authority = Authority(folder)

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await joined((reader, writer), road.proxy.host, road.proxy.port)

    async with served(serve, authority.context(None, Host(alpn=()))) as url:
        yield url, authority.root_ca


async def joined(streams: Streams, host: str, port: int) -> None:
    """Lead a connection on to another place, both ways, until it ends."""
    reader, writer = streams
    inner, outer = await asyncio.open_connection(host, port)
    try:
        await asyncio.gather(_copied(reader, outer), _copied(inner, writer))
    finally:
        outer.close()


async def _copied(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    with suppress(OSError, NotImplementedError):  # TLS knows no half
        writer.write_eof()
