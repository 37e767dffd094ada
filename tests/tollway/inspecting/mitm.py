"""mitmproxy's own engine in a test, with addons that a script would bring."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from mitmproxy import options
from mitmproxy.addons.view import View
from mitmproxy.http import HTTPFlow
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.utils import asyncio_utils

from tests.simulator import Simulator
from tollway import clock, paths
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow
from tollway.model import CallRecord


class Redirect:
    """Leads every host to the simulator."""

    def __init__(self, sim: Simulator) -> None:
        self.address = (sim.address, sim.port)

    def server_connect(self, data: Any) -> None:
        """mitmproxy's hook; the name in the hello stays the host's."""
        data.server.sni = data.server.address[0]
        data.server.address = self.address


class Started:
    """Says when mitmproxy listens."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def running(self) -> None:
        """mitmproxy's hook."""
        self.event.set()


@dataclass
class Mitm:
    """mitmproxy, running, with a client."""

    master: DumpMaster
    client: httpx.AsyncClient
    port: int
    view: View

    @property
    def flows(self) -> list[HTTPFlow]:
        """What it shows, in the order of the calls."""
        return [flow for flow in self.view if isinstance(flow, HTTPFlow)]


@asynccontextmanager
async def mitm(tmp_path: Path, sim: Simulator, *addons: object, **settings: Any) -> AsyncIterator[Mitm]:
    """mitmproxy with these addons behind its own; at the end it has ended, too."""
    chosen = options.Options(listen_host="127.0.0.1", listen_port=0, confdir=str(tmp_path))
    master = DumpMaster(chosen, with_termlog=False, with_dumper=False)
    chosen.update(ssl_verify_upstream_trusted_ca=str(sim.root_ca), **settings)
    check = master.addons.get("errorcheck")
    check.finish()  # it would end the process
    master.addons.remove(check)
    view, started = View(), Started()
    master.addons.add(view, Redirect(sim), *addons, started)
    running = asyncio_utils.create_task(master.run(), name="mitmproxy", keep_ref=False)
    async with asyncio.timeout(120):
        await started.event.wait()
    proxyserver = master.addons.get("proxyserver")
    port = proxyserver.listen_addrs()[0][1]
    trust = ssl.create_default_context(cafile=str(tmp_path / "mitmproxy-ca-cert.pem"))

    try:
        async with httpx.AsyncClient(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=120) as client:
            yield Mitm(master, client, port, view)
    finally:
        for server in proxyserver.servers:
            await server.stop()  # mitmproxy leaves that to the end of its process
        master.shutdown()
        await running


def kept() -> tuple[Sequence[CallRecord], Sequence[BucketRow]]:
    """What the usual ledger holds."""
    with closing(open_books(paths.ledger_url())) as books:
        return list(books.calls()), books.buckets(clock.now_us())


def limited(home: Path) -> None:
    """A policy of the user's that lets one call through."""
    home.mkdir()
    (home / "policy.yaml").write_text(
        "version: 1\nlimits: [{name: day, amount: 1 requests, window: rolling 24h, then: [block]}]\n"
    )
