"""`tollway collect`: a fleet's calls, into a file of one's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.redis_server import RedisServer
from tests.tollway.ledger.limits import read
from tests.tollway.ledger.samples import NOON_US, call
from tollway.cli import cli
from tollway.ledger.fleet.log import add
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import ORGANISATION, Server, where
from tollway.ledger.open import path_of


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A fleet's, with two calls in its log."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        log(server, "a", "b")
        yield server


def log(server: RedisServer, *ids: str) -> None:
    """Calls that ended."""
    with closing(Server(where(server.url))) as redis:
        add(redis, Names(ORGANISATION), [call(id, started_us=NOON_US) for id in ids])


def collect(*words: str) -> Result:
    return CliRunner().invoke(cli, ["collect", *words])


def test_what_is_new_is_brought_into_the_file_that_is_named(server: RedisServer, tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    words = ("--ledger", server.url, "--into", f"sqlite:{path}")
    assert collect(*words).stderr == f"2 calls into {path}\n"
    log(server, "c")
    assert collect(*words).stderr == f"1 calls into {path}\n"
    assert collect(*words).stderr == f"0 calls into {path}\n"

    assert read(path).keys() == {"a", "b", "c"}


def test_without_a_name_it_is_the_file_that_others_read(server: RedisServer) -> None:
    said = collect("--ledger", server.url)

    assert said.exit_code == 0
    assert read(path_of(server.url)).keys() == {"a", "b"}


@pytest.mark.parametrize("words", [(), ("--ledger", "sqlite:/x.db")])
def test_only_a_fleet_has_a_log(words: tuple[str, ...]) -> None:
    said = CliRunner(env={"TOLLWAY_LEDGER": None}).invoke(cli, ["collect", *words])

    assert said.exit_code == 2
    assert "name the fleet's ledger: --ledger redis://HOST:PORT/DB" in said.stderr


def test_it_is_brought_into_a_file_and_no_other_fleet(server: RedisServer) -> None:
    said = collect("--ledger", server.url, "--into", server.url)

    assert said.exit_code == 2
    assert "it must be sqlite:PATH" in said.stderr


def test_without_redis_it_fails(tmp_path: Path) -> None:
    said = collect("--ledger", f"unix://{tmp_path / 'none.sock'}", "--into", f"sqlite:{tmp_path / 'all.db'}")

    assert said.exit_code != 0
    assert "Redis does not answer" in str(said.stderr) + str(said.exception)


@pytest.mark.slow
def test_it_goes_on_though_redis_is_away_for_a_while(server: RedisServer, tmp_path: Path) -> None:
    path = tmp_path / "all.db"
    server.kill()
    command = [sys.executable, "-m", "tollway", "collect", "--follow", "--ledger", server.url]
    with subprocess.Popen(
        [*command, "--into", f"sqlite:{path}"], stderr=subprocess.PIPE, text=True, env=environment()
    ) as following:
        assert following.stderr is not None
        assert following.stderr.readline().endswith("; it is tried again\n")
        server.start()
        log(server, "c")
        said = following.stderr.readline()
        while said.endswith("; it is tried again\n"):
            said = following.stderr.readline()
        following.terminate()

    assert said == f"1 calls into {path}\n"
    assert read(path).keys() == {"c"}


def environment() -> dict[str, str]:
    """From which Python finds the package."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "addons")}
