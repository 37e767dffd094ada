"""A ledger, looked at."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tollway import paths
from tollway.ledger.connect import connect
from tollway.symptoms.ledger import kept
from tollway.texts.file import beside
from tollway.texts.file import connect as connect_texts

SECONDS = 0.05


def made(path: Path) -> str:
    """A ledger's URL."""
    connect(path, "process").close()
    return f"sqlite:{path}"


def test_one_that_is_there_can_be_written_to(home: Path) -> None:
    url = made(paths.data_dir() / "ledger.db")

    found = kept(None, SECONDS)

    assert f"sqlite:{found.place}" == url
    assert (found.exists, found.failure, found.behind, found.loose) == (True, None, False, ())
    assert found.free_bytes


def test_a_fleets_can_be_written_to_where_its_redis_answers(tmp_path: Path) -> None:
    """And says so of the server, without what else its URL has."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        found = kept(server.url, 10)
        assert (found.place, found.failure) == (f"unix://{server.socket}", None)
        assert found.free_bytes
        server.kill()
        assert (kept(server.url, 10).failure or "").startswith(
            f"ledger unix://{server.socket}: Redis does not"
        )


def test_one_that_is_not_there_is_not_made(home: Path) -> None:
    found = kept(None, SECONDS)

    assert (found.exists, found.failure) == (False, None)
    assert found.free_bytes
    assert not home.exists()


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("/var/ledger.db", "ledger /var/ledger.db: write it as sqlite:PATH"),
        ("redis://x?timeout=soon", "ledger redis: timeout 'soon' must be seconds"),
        ("sqlite:/proc/self/none/ledger.db", "/proc/self: it can't be written to: make it writable"),
    ],
)
def test_what_can_not_be_one_says_why(url: str, failure: str) -> None:
    found = kept(url, SECONDS)

    assert (found.failure or "").startswith(failure)


def test_a_folder_that_is_a_file_can_not_hold_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    found = kept(f"sqlite:{tmp_path}/file/ledger.db", SECONDS)

    assert found.failure == f"{tmp_path}/file: it can't be written to: make it writable"


def test_one_that_another_program_holds_is_not_waited_for(tmp_path: Path) -> None:
    url = made(tmp_path / "ledger.db")
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        found = kept(url, SECONDS)

    assert "another program holds its lock" in (found.failure or "")


def test_rights_of_others_are_told(home: Path) -> None:
    made(paths.data_dir() / "ledger.db")
    home.chmod(0o777)
    (home / "ledger.db").chmod(0o644)

    found = kept(None, SECONDS)

    assert found.loose == (f"chmod go-w {home}", f"chmod 600 {home}/ledger.db")


def test_texts_that_others_can_read_are_told(home: Path) -> None:
    """They lie beside it, and say more."""
    made(paths.data_dir() / "ledger.db")
    texts = beside(home / "ledger.db")
    connect_texts(texts).close()
    before = kept(None, SECONDS)
    texts.chmod(0o640)

    assert (before.loose, kept(None, SECONDS).loose) == ((), (f"chmod 600 {texts}",))
