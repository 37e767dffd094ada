"""Where something was found."""

import json
import re
from collections.abc import Iterator

import pytest

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.spot import NOTHING, Form, Known, line_and_column, pointer, searched, spots


def secret(text: str) -> Iterator[Found]:
    """Finds words in capitals, a bracket behind a key, some digits."""
    for match in re.finditer(r"[A-Z]{4,}|: <|4567890", text):
        yield Found(
            start=match.start(), end=match.end(), kind="capitals", family=Family.WORDS, tier=Tier.CERTAIN
        )


@pytest.mark.parametrize(
    ("body", "path", "written"),
    [
        (b'{"a": [1, "x SECRET y"]}', "/a/1", b"SECRET"),
        (json.dumps({"args": json.dumps({"k/~": "ü\nSECRET"})}).encode(), "/args/k~1~0", b"SECRET"),
        (b'{"SECRET": 1}', "", b"SECRET"),
        (b'{"a": "\\u0053ECRET"}', "/a", b"\\u0053ECRET"),
        (b'{"data": "IFNFQ1JFVA=="}', "/data", b"IFNFQ1JFVA=="),
        ("grün\nSECRET".encode(), "", b"SECRET"),
    ],
)
def test_it_is_where_it_is_written(body: bytes, path: str, written: bytes) -> None:
    (spot,) = spots(body, [secret])

    assert body[spot.start : spot.end] == written
    assert (pointer(spot.path), spot.kind, spot.family, spot.tier) == (
        path, "capitals", Family.WORDS, Tier.CERTAIN,
    )  # fmt: skip


def test_what_is_between_two_texts_is_in_none() -> None:
    assert spots(b'{"abcd": "<"}', [secret]) == []
    assert spots(b'{"a": "b"}', [secret]) == []


@pytest.mark.parametrize(
    ("body", "within", "form", "levels"),
    [
        (b"a SECRET", (2, 8), Form.TEXT, 0),
        (json.dumps({"args": json.dumps({"k": "ü\nSECRET"})}).encode(), (2, 8), Form.TEXT, 2),
        (b'{"data": "IFNFQ1JFVA=="}', (1, 7), Form.BASE64, 1),
        (json.dumps({"args": json.dumps({"k": 1234567890})}).encode(), (3, 10), Form.NUMBER, 1),
    ],
)
def test_it_says_how_it_is_written(body: bytes, within: tuple[int, int], form: Form, levels: int) -> None:
    (spot,) = spots(body, [secret])

    assert (spot.within, spot.form, spot.levels) == (within, form, levels)


def test_of_each_value_is_known_what_is_asked_for_and_files_that_are_no_text_are_counted() -> None:
    body = json.dumps({"a": json.dumps(['x "SECRET"']), "data": "iVBORw0K" * 25}).encode()
    asked = list[tuple[str, str]]()

    def know(kind: str, value: str) -> Known:
        asked.append((kind, value))
        return Known("a mark", frozenset({3}))

    found = searched(body, [secret], know)

    assert asked == [("capitals", "SECRET")]
    assert [spot.known for spot in found.spots] == [Known("a mark", frozenset({3}))]
    assert found.unread == 1
    assert searched(b'{"data": "%s"}' % (b"iVBORw0K" * 25), [], know).unread == 1
    assert searched(b'{"file_id": "file-1"}', [], know).unread == 1
    assert [spot.known for spot in spots(body, [secret])] == [NOTHING]


def test_what_lies_over_each_other_is_where_it_is_written() -> None:
    """In escapes, and in JSON in a string, too."""

    def more(text: str) -> Iterator[Found]:
        for match in re.finditer(r"(?s)a.*d", text):
            yield Found(
                start=match.start(), end=match.end(), kind="all", family=Family.WORDS, tier=Tier.CERTAIN
            )

    for body in (
        b'{"k": "x\\n a\\u0020SECRET\\td!"}',
        json.dumps({"k": json.dumps("a\nSECRET\nd")}).encode(),
    ):
        found = spots(body, [secret, more])
        assert len(found) == 2
        for spot in found:
            text = body[spot.start : spot.end]
            assert text.startswith(b"a" if spot.kind == "all" else b"SECRET")
            assert text.endswith(b"d" if spot.kind == "all" else b"SECRET")


def test_a_path_never_has_what_was_found_in_it() -> None:
    """It may be a key on the way to something else."""
    body = json.dumps({"a SECRET of mine": {"key": "another WORD"}, "key": ["WORD"]}).encode()

    assert [pointer(spot.path) for spot in spots(body, [secret])] == ["", "/*/key", "/key/0"]


def test_lines_and_columns_are_those_of_an_editor() -> None:
    body = "a\nbü SECRET".encode()
    (spot,) = spots(body, [secret])

    assert line_and_column(body, spot.start) == (2, 4)
    assert line_and_column(body, 0) == (1, 1)
