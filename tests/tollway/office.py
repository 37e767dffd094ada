"""Fixtures for tests that run `tollway` as a process: imported by the folders' conftests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.process import Running, running
from tests.tollway.command import Office


@pytest.fixture(scope="session")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The providers, in a process of their own."""
    with running(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `ca` folder, made once."""
    office = Office(tmp_path_factory.mktemp("authority") / "home")
    done = office.run("ca", "init")
    assert done.returncode == 0, done.stderr
    return office.home / "ca"


@pytest.fixture
def office(tmp_path: Path, authority: Path, providers: Running) -> Iterator[Office]:
    """A data folder of the test's own, and providers that forget."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(authority, home / "ca")
    yield Office(home, providers)
    providers.reset()
