"""`addons/entry.py`: the chain runs inside mitmproxy's own tools."""

import asyncio
import importlib.util
import ssl
from pathlib import Path
from typing import Any

import httpx
from mitmproxy import options
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.utils import asyncio_utils

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tollway import paths
from tollway.ledger.open import open_books

ENTRY = Path(__file__).parents[2] / "addons" / "entry.py"


class Redirect:
    """Leads every host to the simulator."""

    def __init__(self, sim: Simulator) -> None:
        self.address = (sim.address, sim.port)

    def server_connect(self, data: Any) -> None:
        """mitmproxy's hook; the name in the hello stays the host's."""
        data.server.sni = data.server.address[0]
        data.server.address = self.address


def addons() -> list[Any]:
    """What mitmproxy would load with `-s`."""
    spec = importlib.util.spec_from_file_location("entry", ENTRY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.addons)


async def test_a_call_through_mitmproxy_is_in_the_ledger(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Metered, and tagged with its id."""
    settings = options.Options(listen_host="127.0.0.1", listen_port=0, confdir=str(tmp_path))
    master = DumpMaster(settings, with_termlog=False, with_dumper=False)
    settings.update(ssl_verify_upstream_trusted_ca=str(sim.root_ca))
    (entry,) = addons()
    master.addons.add(entry, Redirect(sim))
    running = asyncio_utils.create_task(master.run(), name="mitmproxy", keep_ref=False)
    async with asyncio.timeout(20):
        while not entry.addons:
            await asyncio.sleep(0)
    proxyserver = master.addons.get("proxyserver")
    port = proxyserver.listen_addrs()[0][1]
    trust = ssl.create_default_context(cafile=str(tmp_path / "mitmproxy-ca-cert.pem"))

    async with httpx.AsyncClient(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=20) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
    for server in proxyserver.servers:
        await server.stop()  # mitmproxy leaves that to the end of its process
    master.shutdown()
    await running

    assert answer.status_code == 200
    books = open_books(paths.ledger_url())
    (call,) = books.calls()
    books.close()
    assert (call.id, call.provider) == (answer.headers["x-tollway-call"], "openai")
    assert call.cost.nano > 0
