"""Transparent mode, in a network of its own whose packets nftables lead to the proxy."""

import asyncio
import os
import shutil
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import closing, nullcontext
from pathlib import Path
from threading import Thread

import pytest

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import paths
from tollway.ca import store
from tollway.ledger.open import open_books
from tollway.ledger.tunnels import FIRST_DAY, LAST_DAY

ADDRESS, OTHER = "203.0.113.7", "other.example"
TOOLS = ("ip", "nft")
RULES = """
table ip tollway {{
  chain output {{
    type nat hook output priority -100
    ip daddr 203.0.113.0/24 tcp dport {{ 80, 443, 8443 }} redirect to :{port}
  }}
}}
"""
pytestmark = pytest.mark.skipif(
    not hasattr(os, "unshare") or os.geteuid() != 0 or not all(map(shutil.which, TOOLS)),
    reason=f"a network of its own takes root, and {' and '.join(TOOLS)}: transparent mode is NOT tested here",
)


def in_a_network_of_its_own(folder: Path, told: Callable[[Road], Awaitable[None]], policy: str) -> None:
    """Run this in a thread whose sockets are in another network, with a proxy there and all that it dials."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            os.unshare(os.CLONE_NEWNET)
            for words in ("link set lo up", "route add 203.0.113.0/24 dev lo src 127.0.0.1"):
                subprocess.run(["ip", *words.split()], check=True)
            asyncio.run(main())
        except BaseException as error:
            failed.append(error)

    async def main() -> None:
        (folder / "simulator").mkdir()
        async with Simulator(folder / "simulator") as sim:
            sim.scenario = Scenario(usage=Usage(input_tokens=70, output_tokens=33))
            reached = (f"::{sim.address}:{sim.port}", f":80:{sim.address}:{sim.plain_port}")
            modes = ("transparent",)
            async with running_road(
                folder, sim, policy=policy, modes=modes, hosts=(), reached=reached
            ) as road:
                rules = RULES.format(port=road.proxy.port).encode()
                subprocess.run(["nft", "-f", "-"], input=rules, check=True)
                await told(road)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


@pytest.mark.parametrize("port", [443, 8443])
@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_call_is_known_by_its_hello(tmp_path: Path, home: Path, port: int, in_pieces: bool) -> None:
    async def told(road: Road) -> None:
        root = store.root_path(paths.data_dir() / "ca")
        async with await RawClient.open(ADDRESS, port, tls=CHAT.host, root_ca=root) as raw:
            await raw.send(*([bytes([b]) for b in CHAT.http1()] if in_pieces else [CHAT.http1()]))
            assert (await raw.response()).status == 200
        (row,) = await road.rows()
        assert (row.host, row.usage.output_tokens) == (CHAT.host, 33)

    in_a_network_of_its_own(tmp_path, told, "version: 1")


def test_what_names_no_provider_passes_undecrypted(tmp_path: Path, home: Path) -> None:
    async def told(road: Road) -> None:
        async with await RawClient.open(ADDRESS, 443, tls=OTHER, root_ca=road.sim.root_ca) as raw:
            await raw.send(CHAT.http1().replace(CHAT.host.encode(), OTHER.encode()))
            assert (await raw.response()).status == 200
        assert await road.rows() == []

    in_a_network_of_its_own(tmp_path, told, "version: 1")


def test_without_tls_a_call_is_known_by_its_host_in_whichever_request(tmp_path: Path, home: Path) -> None:
    async def told(road: Road) -> None:
        async with await RawClient.open(ADDRESS, 80) as raw:
            for host in (OTHER, CHAT.host, OTHER, CHAT.host):
                await raw.send(CHAT.http1().replace(CHAT.host.encode(), host.encode()))
                assert (await raw.response()).status == 200
        rows = await road.rows()
        assert [(row.host, row.usage.output_tokens) for row in rows] == [(CHAT.host, 33)] * 2

    in_a_network_of_its_own(tmp_path, told, "version: 1")


@pytest.mark.parametrize("refuses", [False, True])
def test_what_names_an_ai_service_is_counted_or_closed(tmp_path: Path, home: Path, refuses: bool) -> None:
    async def told(road: Road) -> None:
        with nullcontext() if not refuses else pytest.raises((ConnectionError, ssl.SSLError)):
            async with await RawClient.open(ADDRESS, 443, tls="poe.com", root_ca=road.sim.root_ca) as raw:
                await raw.send(CHAT.http1().replace(CHAT.host.encode(), b"poe.com"))
                assert (await raw.response()).status == 200
        await road.proxy.discovering.write()
        with closing(open_books(road.ledger_url)) as books:
            (one,) = books.tunnels(FIRST_DAY, LAST_DAY)
        assert (one.host, one.connections, one.refused) == ("poe.com", int(not refuses), int(refuses))
        assert (one.sent_bytes > 0, one.received_bytes > 0) == (not refuses, not refuses)

    policy = f"version: 1\nfaults: {{unmanaged: {'refuse' if refuses else 'allow'}}}\n"
    in_a_network_of_its_own(tmp_path, told, policy)
