"""`tollway serve --workers N`: each worker has every way in and out that the command line names."""

import asyncio
import ssl
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.simulator.certificates import UNTIL, Authority
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.command import Office
from tests.tollway.proxies import SECRET, company
from tests.tollway.several import KEY, several, until

pytestmark = pytest.mark.slow  # each starts several proxies


def test_each_worker_serves_at_each_address(office: Office, unused_tcp_port: int) -> None:
    with several(office, "--listen", f"127.0.0.1:{unused_tcp_port}") as tollway:
        assert tollway.facts["urls"] == [
            f"http://127.0.0.1:{tollway.port}", f"http://127.0.0.1:{unused_tcp_port}",
        ]  # fmt: skip
        tollway.ask_each()
        tollway.ask_each(unused_tcp_port)
        assert tollway.stop() == 0


async def test_each_logs_in_at_the_proxy_on_the_way_and_knows_which_hosts_are_past_it(office: Office) -> None:
    sim = office.sim
    assert sim is not None
    past = f"{CLAUDE.host}:443:{sim.address}:{sim.port}"
    words = ("--connect-to", past, "--set", f"ssl_verify_upstream_trusted_ca={sim.root_ca}")
    behind = Office(office.home, None, {"NO_PROXY": CLAUDE.host})
    async with company(sim.address, sim.port, sim.plain_port) as found:
        with several(behind, *words, "--mode", found.mode) as tollway:
            await asyncio.to_thread(tollway.ask_each)
            answers = await asyncio.to_thread(tollway.ask_all, 8, CLAUDE)
            assert await asyncio.to_thread(tollway.stop) == 0

    assert {answer.status for answer in answers} == {200}
    assert set(found.asked) == {f"CONNECT {CHAT.host}:443 HTTP/1.1"}
    assert found.shown == {"basic bwu6cznjcmv0"}
    assert not [line for line in tollway.log if SECRET in line]


def test_each_shows_the_certificate_of_the_proxy_itself(office: Office, tmp_path: Path) -> None:
    authority, own = Authority(tmp_path / "authority"), tmp_path / "own.pem"
    own.write_bytes(authority._leaf(("127.0.0.1",), UNTIL))
    to_proxy = ssl.create_default_context(cafile=str(authority.root_ca))
    with several(office, "--tls", str(own)) as tollway:
        trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
        proxy = httpx.Proxy(f"https://127.0.0.1:{tollway.port}", ssl_context=to_proxy)

        def served() -> bool:
            with closing(httpx.Client(proxy=proxy, verify=trust, timeout=60)) as client:
                assert client.post(CHAT.url, content=CHAT.content, headers=KEY).status_code == 200
            return tollway.served().keys() == tollway.workers()

        until(served)
        assert tollway.stop() == 0
