"""Rows that readers can read."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.samples import FULL
from tollway.ledger.archive.form import columns
from tollway.ledger.archive.sound import Sound, Unsound
from tollway.ledger.connect import connect
from tollway.ledger.row import COLUMNS, row_of


@pytest.fixture
def sound(tmp_path: Path) -> Sound:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        return Sound(COLUMNS, columns(db))


def row(**fields: Any) -> list[Any]:
    """A whole row, with these values."""
    named = dict(zip(COLUMNS, row_of(FULL, "p"), strict=True)) | fields
    return [*(int(value) if isinstance(value, bool) else value for value in named.values()), None]


def test_a_row_that_was_written_is_sound(sound: Sound) -> None:
    sound.check(row())
    sound.check(row(tags=None, groups=None, findings=None, ended_us=None))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("status", "200", "no integer"),
        ("status", 200.0, "no integer"),
        ("user", 5, "no text"),
        ("request_bytes", 2**63, "no integer of 64 bits"),
        ("tags", "[" * 100_000, "no JSON object of texts"),
        ("ended_us", -1, "no time from 1970 to 2200 in microseconds"),
        ("first_byte_us", 10**18, "no time from 1970 to 2200 in microseconds"),
        ("tags", "[]", "no JSON object of texts"),
        ("tags", '{"a": 1}', "no JSON object of texts"),
        ("claims", "{", "no JSON object of texts"),
        ("groups", "{}", "no JSON list of texts"),
        ("limits", "[1]", "no JSON list of texts"),
        ("findings", '[{"kind": "x"}]', "no list of findings"),
        ("findings", "5", "no list of findings"),
        (
            "cost_nano",
            5,
            "not the sum of input_nano, cache_read_nano, cache_write_nano, output_nano, other_nano",
        ),
    ],
)
def test_a_value_that_can_not_be_is_named(sound: Sound, key: str, value: Any, said: str) -> None:
    with pytest.raises(Unsound) as found:
        sound.check(row(**{key: value}))

    assert (found.value.key, found.value.value, found.value.said) == (key, value, said)


def test_columns_that_an_older_release_lacks_are_not_looked_at(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        Sound(("id", "status"), columns(db)).check(["a", None, None])
