"""`addons/entry.py`: the chain runs inside mitmproxy's own tools."""

import asyncio
import importlib.util
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
from mitmproxy import options
from mitmproxy.tools.dump import DumpMaster
from mitmproxy.utils import asyncio_utils

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tollway import clock, paths
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow
from tollway.model import CallRecord
from tollway.wire.over_limit import CODE

ENTRY = Path(__file__).parents[2] / "addons" / "entry.py"


class Redirect:
    """Leads every host to the simulator."""

    def __init__(self, sim: Simulator) -> None:
        self.address = (sim.address, sim.port)

    def server_connect(self, data: Any) -> None:
        """mitmproxy's hook; the name in the hello stays the host's."""
        data.server.sni = data.server.address[0]
        data.server.address = self.address


def addon() -> Any:
    """What mitmproxy would load with `-s`."""
    spec = importlib.util.spec_from_file_location("entry", ENTRY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (entry,) = module.addons
    return entry


@asynccontextmanager
async def client(tmp_path: Path, sim: Simulator, entry: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of mitmproxy with the chain in it; at the end mitmproxy has ended, too."""
    settings = options.Options(listen_host="127.0.0.1", listen_port=0, confdir=str(tmp_path))
    master = DumpMaster(settings, with_termlog=False, with_dumper=False)
    settings.update(ssl_verify_upstream_trusted_ca=str(sim.root_ca))
    master.addons.add(entry, Redirect(sim))
    running = asyncio_utils.create_task(master.run(), name="mitmproxy", keep_ref=False)
    async with asyncio.timeout(120):
        while not entry.addons:
            await asyncio.sleep(0)
    proxyserver = master.addons.get("proxyserver")
    port = proxyserver.listen_addrs()[0][1]
    trust = ssl.create_default_context(cafile=str(tmp_path / "mitmproxy-ca-cert.pem"))

    async with httpx.AsyncClient(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=120) as made:
        yield made
    for server in proxyserver.servers:
        await server.stop()  # mitmproxy leaves that to the end of its process
    master.shutdown()
    await running


def kept() -> tuple[Sequence[CallRecord], Sequence[BucketRow]]:
    """What the usual ledger holds."""
    with closing(open_books(paths.ledger_url())) as books:
        return list(books.calls()), books.buckets(clock.now_us())


async def test_a_call_through_mitmproxy_is_in_the_ledger(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Metered, and tagged with its id."""
    async with client(tmp_path, sim, addon()) as made:
        answer = await made.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 200
    (call,), buckets = kept()
    assert (call.id, call.provider) == (answer.headers["x-tollway-call"], "openai")
    assert call.cost.nano > 0
    assert buckets == []


async def test_a_limit_of_the_users_policy_holds_inside_mitmproxy(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """One call fits, and no second one."""
    home.mkdir()
    (home / "policy.yaml").write_text(
        "version: 1\nlimits: [{name: day, amount: 1 requests, window: rolling 24h, then: [block]}]\n"
    )
    async with client(tmp_path, sim, addon()) as made:
        answers = [await made.post(CHAT.url, json=CHAT.body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert 'the limit "day" has 0 requests left' in answers[1].json()["error"]["message"]
    assert len(sim.seen) == 1
    calls, (bucket,) = kept()
    assert [(call.error, call.limits, call.action) for call in calls] == [
        (None, ("day",), None),
        (CODE, ("day",), "block"),
    ]
    assert (bucket.bucket.limit, bucket.settled, bucket.held) == ("day", 1, 0)


async def test_it_is_put_in_place_once(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """However often mitmproxy says that it runs: a second chain would meter every call twice."""
    entry = addon()
    async with client(tmp_path, sim, entry) as made:
        steps = list(entry.addons)
        entry.running()
        answer = await made.post(CHAT.url, json=CHAT.body)

    assert entry.addons == steps
    (call,), _ = kept()
    assert call.id == answer.headers["x-tollway-call"]


def test_what_never_ran_ends_without_a_trace(home: Path) -> None:
    """As when mitmproxy can't listen."""
    addon().done()

    assert not home.exists()
