"""Which file a command is about."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.ledger.year import write, year
from tollway.cli.ledger.file_of import file_of, resting
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.log import add
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import ORGANISATION, Server, where
from tollway.ledger.presence import Presence


def test_it_is_the_users_own_or_the_one_that_is_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no such file"):
        file_of(None)
    write(home / "ledger.db", year(1))
    write(tmp_path / "other.db", year(1))

    assert file_of(None) == home / "ledger.db"
    assert file_of(f"sqlite:{tmp_path / 'other.db'}") == tmp_path / "other.db"


def test_a_fleets_calls_are_collected_first(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(RedisServer(tmp_path / "redis")) as server:
        with closing(Server(where(server.url))) as redis:
            add(redis, Names(ORGANISATION), [call("a", started_us=NOON_US)])
        path = file_of(server.url)

    assert path.name == "collected.db"
    assert (
        f"a fleet's calls are collected first: 1 came into {path}, which is meant" in capsys.readouterr().err
    )


def test_it_rests_as_long_as_it_worked_while_others_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    rest = resting(tmp_path / "ledger.db")
    rest(0.1)
    presence = Presence(write(tmp_path / "ledger.db", []))
    rest(0.2)
    presence.end()
    rest(0.3)

    assert slept == [0.2]
