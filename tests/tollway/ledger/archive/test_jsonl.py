"""Exports as JSON lines."""

import json
from typing import Any

import pytest

from tollway.ledger.archive.form import Form
from tollway.ledger.archive.jsonl import Malformed, form_of, read, written

FORM = Form("001_calls", ("id", "user", "cost_nano"), 2)
ROWS: list[list[Any]] = [["a", None, 0], ["b", "", 10**18]]


def lines() -> list[bytes]:
    return list(written(FORM, [[*row, None] for row in ROWS]))


def test_a_line_has_what_is_there_and_no_more() -> None:
    first, *rest = [json.loads(line) for line in lines()]

    assert first == {"tollway_ledger": "001_calls", "columns": ["id", "user", "cost_nano"], "lines": 2}
    assert rest == [{"id": "a", "cost_nano": 0}, {"id": "b", "user": "", "cost_nano": 10**18}]


def test_what_was_written_is_read() -> None:
    """With the numbers of its lines."""
    first, *rest = lines()

    assert form_of(first) == FORM
    assert list(read(FORM, rest)) == [(2, ["a", None, 0, None]), (3, ["b", "", 10**18, None])]


def test_null_is_as_absent() -> None:
    assert list(read(FORM, [b'{"id": "a", "user": null, "cost_nano": 1}'])) == [(2, ["a", None, 1, None])]


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        (b"{", "", "it is no JSON: is the file whole?"),
        (b"[]", "", "it is no JSON object"),
        (b'{"id": "a", "cost": 1}', "cost", "the first line names no such column"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: bytes, key: str, said: str) -> None:
    with pytest.raises(Malformed) as found:
        list(read(FORM, [lines()[1], line]))

    assert (found.value.line, found.value.key, found.value.said) == (3, key, said)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b'{"tollway_ledger": 1, "columns": [], "lines": 1}',
        b'{"tollway_ledger": "1", "columns": [1], "lines": 1}',
        b'{"tollway_ledger": "1", "columns": [], "lines": "1"}',
    ],
)
def test_what_is_no_first_line_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        form_of(line)
