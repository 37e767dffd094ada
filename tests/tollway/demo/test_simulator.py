"""The providers of a tour."""

import asyncio
import hashlib
import http.client
import json
from contextlib import closing
from pathlib import Path

import pytest

from tollway.demo.simulator import Simulator, simulator
from tollway.errors import TollwayError


async def test_it_listens_while_the_context_lasts(tmp_path: Path) -> None:
    """With a root to trust; then the process is gone."""
    async with simulator(tmp_path) as running:
        assert running.root_ca.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
        with closing(http.client.HTTPConnection(running.address, running.port, timeout=120)) as connection:
            connection.connect()

    with closing(http.client.HTTPConnection(running.address, running.port, timeout=120)) as connection:
        with pytest.raises(ConnectionRefusedError):
            connection.connect()


async def test_it_opens_gates(tmp_path: Path) -> None:
    """An answer that waits behind one is there then."""

    def ask(of: Simulator) -> int:
        with closing(http.client.HTTPConnection(of.address, of.plain_port, timeout=120)) as connection:
            connection.request("POST", "/v1/messages", "{}", {"x-sim": json.dumps({"gate": "one"})})
            return connection.getresponse().status

    async with simulator(tmp_path) as running:
        status, _ = await asyncio.gather(asyncio.to_thread(ask, running), running.open("one"))

    assert status == 200


async def test_it_tells_what_it_got(tmp_path: Path) -> None:
    """Each body by its hash and what it says; nothing before the first."""

    def ask(of: Simulator) -> None:
        with closing(http.client.HTTPConnection(of.address, of.plain_port, timeout=120)) as connection:
            connection.request("POST", "/v1/messages", '{"model":  "m"}')
            connection.getresponse().read()

    async with simulator(tmp_path) as running:
        assert await running.got() == []
        await asyncio.to_thread(ask, running)
        (got,) = await running.got()

    assert (got.size, got.json) == (15, {"model": "m"})
    assert got.sha256 == hashlib.sha256(b'{"model":  "m"}').hexdigest()


async def test_a_gate_that_can_not_be_opened_is_said(tmp_path: Path) -> None:
    async with simulator(tmp_path) as running:
        with pytest.raises(TollwayError, match=r"did not open the gate \[\]: status 400"):
            await running.open([])  # type: ignore[arg-type]


async def test_without_a_checkout_it_says_so(tmp_path: Path) -> None:
    """The tests are not part of the package."""
    with pytest.raises(TollwayError, match="clone the repository"):
        async with simulator(tmp_path, checkout=tmp_path):
            pass


async def test_one_that_does_not_start_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its own message comes first."""
    folder = tmp_path / "tests" / "simulator"
    folder.mkdir(parents=True)
    (folder / "__main__.py").write_text("raise SystemExit('no simulator today')")

    with pytest.raises(TollwayError, match="its message is above"):
        async with simulator(tmp_path, checkout=tmp_path):
            pass
    assert capfd.readouterr().err == "no simulator today\n"
