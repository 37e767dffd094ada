"""The answers that belong to a ledger."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tollway.cache.fleet.answers import FleetAnswers
from tollway.cache.fleet.shelf import FleetShelf
from tollway.cache.open import machine, open_answers, open_shelf
from tollway.cache.shelf import SqliteShelf
from tollway.cache.sqlite import SqliteAnswers
from tollway.ledger.fault import LedgerError


def test_they_are_beside_a_ledger_in_a_file_and_with_a_fleets_in_its_redis(
    tmp_path: Path, server: RedisServer
) -> None:
    url = f"sqlite:{tmp_path / 'ledger.db'}"
    with closing(open_answers(url, 1)) as one, closing(open_shelf(url)) as shelf:
        assert isinstance(one, SqliteAnswers)
        assert isinstance(shelf, SqliteShelf)
        assert shelf.place == str(tmp_path / "ledger.db.cache.db")
    with closing(open_answers(server.url, 1)) as one, closing(open_shelf(server.url)) as shelf:
        assert isinstance(one, FleetAnswers)
        assert isinstance(shelf, FleetShelf)
        assert shelf.place == f"unix://{server.socket}"


def test_a_url_that_is_none_is_said() -> None:
    for opening in (open_shelf, lambda url: open_answers(url, 1)):
        with pytest.raises(LedgerError, match="organisation"):
            opening("redis://h?organisation={x")


def test_a_machine_is_told_from_others_where_there_are_others() -> None:
    url, key, other = "redis://h", b"k" * 32, b"o" * 32

    assert machine("sqlite:/l.db", key) == ""
    assert machine(url, key) == machine(url, key)
    assert len({machine(url, key, "a"), machine(url, key, "b"), machine(url, other, "a")}) == 3
    assert "a" * 12 not in machine(url, key, "a" * 12)
