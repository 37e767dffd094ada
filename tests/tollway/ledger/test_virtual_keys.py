"""Keys that were given out, in the ledger's file; tests/tollway/cli/test_key.py has two processes at once."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tollway.identity.virtual_key import VirtualKey, digest, made
from tollway.ledger.fault import LedgerError
from tollway.ledger.virtual_keys import SqliteKeys

FIRST = VirtualKey(
    digest=digest(made(os.urandom(32))), user="ann", team="a", role="r", service="s", groups=("x", "y"),
    created_us=1, expires_us=9,
)  # fmt: skip
SECOND = VirtualKey(digest=digest(made(os.urandom(32))), user="bob", created_us=2)


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[SqliteKeys]:
    with closing(SqliteKeys(tmp_path / "ledger.db")) as found:
        yield found


def test_a_key_is_found_as_it_was_given_out(keys: SqliteKeys) -> None:
    keys.add(SECOND)
    keys.add(FIRST)

    assert keys.find(FIRST.digest) == FIRST
    assert keys.find(b"none") is None
    assert keys.all() == [FIRST, SECOND]


def test_a_key_is_taken_back_by_its_whole_id_and_once(keys: SqliteKeys) -> None:
    keys.add(FIRST)

    assert not keys.revoke(FIRST.id[:-1], 5)
    assert not keys.revoke("", 5)
    assert keys.revoke(FIRST.id, 5)
    assert not keys.revoke(FIRST.id, 6)
    found = keys.find(FIRST.digest)
    assert found is not None
    assert found.revoked_us == 5


def test_what_goes_wrong_is_said_of_the_file(keys: SqliteKeys) -> None:
    keys.add(FIRST)

    with pytest.raises(LedgerError, match=r"ledger\.db"):
        keys.add(FIRST)
