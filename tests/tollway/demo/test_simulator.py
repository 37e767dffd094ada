"""The providers of the tour."""

import http.client
from contextlib import closing
from pathlib import Path

import pytest

from tollway.demo.simulator import simulator
from tollway.errors import TollwayError


async def test_it_listens_while_the_context_lasts(tmp_path: Path) -> None:
    """With a root to trust; then the process is gone."""
    async with simulator(tmp_path) as running:
        assert running.root_ca.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
        with closing(http.client.HTTPConnection(running.address, running.port, timeout=5)) as connection:
            connection.connect()

    with closing(http.client.HTTPConnection(running.address, running.port, timeout=5)) as connection:
        with pytest.raises(ConnectionRefusedError):
            connection.connect()


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
