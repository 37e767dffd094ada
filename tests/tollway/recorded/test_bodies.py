"""Bodies are the bytes that they were, however a recorder has kept them."""

import gzip
import json
from base64 import b64encode
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.recorded import bodies
from tollway.recorded.fields import Fields, Flaw
from tollway.wire.request_body import parsed

GERMAN = '{"größe": "ß – 中"}'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", b"plain"),
        (GERMAN, GERMAN.encode()),
        (GERMAN.encode().decode("latin-1"), GERMAN.encode()),
        ("gr\xf6\xdfe", "größe".encode()),
        ("\x00\x00\x01\xff\xe9", b"\x00\x00\x01\xff\xe9"),
        ("\x00 中", "\x00 中".encode()),
        ("a\udcff", b"a\xff"),
        ("a\ud800b", b"a?b"),
    ],
    ids=[
        "ASCII",
        "UTF-8",
        "UTF-8 taken for Latin-1",
        "Latin-1 characters",
        "bytes",
        "zero",
        "escaped",
        "lost",
    ],
)
def test_a_text_is_the_bytes_that_it_was(text: str, found: bytes) -> None:
    assert bodies.as_bytes(text) == found


@given(st.text())
def test_any_text_is_some_bytes(text: str) -> None:
    bodies.as_bytes(text)


@given(st.binary())
def test_base64_with_line_breaks_or_without_padding_is_base64(data: bytes) -> None:
    text = b64encode(data).decode()

    assert bodies.unbase64(text) == data
    assert bodies.unbase64(text.rstrip("=")) == data
    assert bodies.unbase64("\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))) == data


@pytest.mark.parametrize("text", ["{}", "größe", "abc!", "a"])
def test_what_is_no_base64_is_named(text: str) -> None:
    with pytest.raises(Flaw, match=r"text is no base64, as content\.encoding says"):
        bodies.answer(Fields({"text": text, "encoding": "base64"}))
    with pytest.raises(Flaw, match=r"text is no base64, as postData\.encoding says"):
        bodies.request(Fields({"text": text, "encoding": "base64"}))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({}, None),
        ({"text": None}, None),
        ({"text": ""}, b""),
        ({"text": "abc"}, b"abc"),
        ({"text": "YWJj", "encoding": "base64"}, b"abc"),
        ({"text": "YWJj", "encoding": "BASE64"}, b"abc"),
        ({"text": "YWJj", "encoding": "utf8"}, b"YWJj"),
    ],
)
def test_an_answer_is_text_or_base64_or_not_recorded(content: dict[str, Any], found: bytes | None) -> None:
    assert bodies.answer(Fields(content)) == found


@pytest.mark.parametrize(
    ("post", "found"),
    [
        ({"text": "{}", "mimeType": "application/json"}, (b"{}", "application/json")),
        ({"text": "e30=", "encoding": "base64"}, (b"{}", "")),
        ({"mimeType": "application/json", "params": []}, (None, "application/json")),
        (
            {"mimeType": "multipart/form-data", "text": "--x", "params": [{"name": "a"}]},
            (b"--x", "multipart/form-data"),
        ),
    ],
)
def test_a_request_is_what_was_posted(post: dict[str, Any], found: tuple[bytes | None, str]) -> None:
    assert bodies.request(Fields(post)) == found


def test_a_form_is_made_of_its_fields_where_it_was_not_kept() -> None:
    """A file's bytes nobody keeps; that there was one is known. A name breaks out of nothing."""
    fields = [
        {"name": "model", "value": "whisper-1"},
        {"name": "file", "fileName": "a.wav", "contentType": "audio/wav"},
        {"name": 'x"\r\n', "value": "größe"},
        {"value": "no name"},
        "nothing",
    ]
    body, media_type = bodies.request(
        Fields({"mimeType": "multipart/form-data; boundary=x", "params": fields})
    )

    assert parsed(body, media_type) == {"model": "whisper-1", "file": b"", "x%22": "größe"}


@pytest.mark.parametrize(
    ("body", "coding", "found"),
    [
        (b'{"a": 1}', "gzip", b'{"a": 1}'),
        ("größe".encode(), "br", "größe".encode()),
        (gzip.compress(b'{"a": 1}'), "gzip", b'{"a": 1}'),
        (brotli.compress(b'{"a": 1}' * 9), "br", b'{"a": 1}' * 9),
        (b"x" * 255 + "ö".encode(), "gzip", b"x" * 255 + "ö".encode()),
        (b"\x80\x81\x82\x83\x84", "br", b"\x80\x81\x82\x83\x84"),
        (b"\x00\x01", "gzip", b"\x00\x01"),
        (b"\x00\x01", "", b"\x00\x01"),
        (b"\x00\x01", "unheard-of", b"\x00\x01"),
        (b"", "gzip", b""),
    ],
    ids=[
        "decoded",
        "decoded, not ASCII",
        "coded",
        "coded br",
        "a character cut",
        "no UTF-8",
        "neither",
        "no coding",
        "unknown",
        "empty",
    ],
)
def test_a_coding_is_undone_where_the_recorder_has_left_it(body: bytes, coding: str, found: bytes) -> None:
    assert bodies.uncoded(body, coding) == found


def test_events_that_were_parted_are_a_stream_again() -> None:
    messages = [
        {"time": 1.5, "eventName": "message_start", "eventId": "", "data": json.dumps({"a": 1})},
        {"time": 1.6, "eventName": "", "data": "two\nlines"},
        {"eventName": "no data"},
        None,
    ]

    assert bodies.events(messages) == b'event: message_start\ndata: {"a": 1}\n\ndata: two\ndata: lines\n\n'
