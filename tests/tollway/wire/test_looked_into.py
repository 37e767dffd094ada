"""What of a request's body can be looked through."""

import json

import pytest

from tollway.guardrails.leaves import Leaf, leaves
from tollway.wire.form import MOST
from tollway.wire.looked_into import looked_into

FORM = "multipart/form-data; boundary=x"


def part(name: str, content: bytes, file: str = "") -> bytes:
    named = f'; filename="{file}"' if file else ""
    return f'--x\r\ncontent-disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


def test_json_and_plain_text_are_as_they_are() -> None:
    for body in (b'{"a": 1}', b"text", b""):
        found, files = looked_into(body, "application/json")
        assert found is body
        assert files == 0


def said(body: bytes, media_type: str = FORM) -> str:
    """What is looked through, as text."""
    return "\n".join(json.loads(looked_into(body, media_type)[0]))


@pytest.mark.parametrize(
    "body",
    [
        b"bluebird\r\n" + part("a", b"x") + b"--x--\r\n",
        part("a", b"x") + b"--x--\r\nbluebird",
        part("a", b"x") + part("a", b"bluebird")[:-9] + b"bluebird",
        part("a", b"x") + b"--x\r\nbluebird",
        part("a", b"x") * MOST + part("a", b"bluebird") + b"--x--\r\n",
        part("a", b"about bluebird", "a.txt") + b"--x--\r\n",
        part("a", "about bluebird".encode("utf-16"), "a.txt") + b"--x--\r\n",
        part("a", b'{"a": "blue\\u0062ird"}') + b"--x--\r\n",
        part("bluebird", b"\0", "a.txt") + b"--x--\r\n",
    ],
    ids=["before", "behind", "cut off", "no head", "of many", "text file", "utf-16", "json", "name"],
)
def test_nothing_of_a_form_is_left_out_but_files_that_are_no_text(body: bytes) -> None:
    """A part that was cut off was, and so were text files, and what came behind a thousand parts."""
    assert "bluebird" in "".join(
        str(leaf.text) for leaf in leaves(looked_into(body, FORM)[0]) if isinstance(leaf, Leaf)
    )


def test_a_field_that_is_no_text_is_a_file_whatever_it_is_called() -> None:
    body = part("a", b"\0\1falcon") + part("b", b"bluebird") + b"--x--\r\n"

    text, files = looked_into(body, "multipart/related; boundary=x")

    assert (files, b"falcon" in text, b"bluebird" in text) == (1, False, True)


def test_a_form_that_is_a_query_is_read_as_one() -> None:
    """With its escapes it was a text that hid what it says."""
    text, _ = looked_into(b"prompt=blue%62ird+x&key=abc", "application/x-www-form-urlencoded; charset=utf-8")

    assert json.loads(text) == {"query": {"prompt": ["bluebird x"], "key": [""]}}


def test_json_that_is_called_a_form_is_json() -> None:
    """As `curl -d` sends it."""
    body = b'{"a": "x&y=%62"}'

    assert looked_into(body, "application/x-www-form-urlencoded")[0] is body


def test_each_line_of_json_is_read() -> None:
    """The input of a batch, say: with its escapes it was a text that hid what it says."""
    body = b'{"a": "blue\\u0062ird"}\n\n{"b": 1}\n'

    for file in (body, part("file", body, "a.jsonl") + b"--x--\r\n"):
        text, _ = looked_into(file, "" if file is body else FORM)
        found = [leaf for leaf in leaves(text) if isinstance(leaf, Leaf)]
        assert "bluebird" in [leaf.text for leaf in found]


@pytest.mark.parametrize("body", [b'{"a": 1}\n', b'{\n"a": 1}', b'["a"]\n[]', b"\n{}"])
def test_other_lines_are_one_text(body: bytes) -> None:
    assert looked_into(body, "application/json")[0] is body


def test_of_a_form_files_are_left_out_and_counted() -> None:
    """Their names are not; each of two parts of one name is there."""
    body = (
        part("prompt", b"about bluebird")
        + part("file", b"\0\1falcon", "ann.wav")
        + part("prompt", b"again")
        + b"--x--\r\n"
    )

    text, files = looked_into(body, FORM)

    assert files == 1
    assert [word in text for word in (b"bluebird", b"again", b"ann.wav", b"falcon")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'{"a": "bluebird"}\0', ""),
        (b' [\0"bluebird"]', ""),
        (b'{"a": "blue\\u0062ird"}\0', ""),
        (b"x\0bluebird", "application/json"),
        (b"x\0bluebird", " Text/plain"),
    ],
)
def test_a_zero_hides_no_text(body: bytes, media_type: str) -> None:
    """It made a file of a prompt."""
    text, files = looked_into(body, media_type)

    assert (files, [leaf.text[-8:] for leaf in leaves(text) if isinstance(leaf, Leaf)][-1]) == (1, "bluebird")


@pytest.mark.parametrize("around", [b"%b,}", b"/**/ %b}", b"%b", b"{}%b}"])
def test_escapes_in_what_is_no_json_hide_nothing(around: bytes) -> None:
    """A reader may forgive what is wrong with it."""
    body = around % b'{"a": "blue\\u0062ird"'

    assert looked_into(body, "application/json") == (body.replace(b"\\u0062", b"b"), 0)


def test_json_with_escapes_is_as_it_is() -> None:
    body = b'{"a": "blue\\u0062ird"}'

    assert looked_into(body, "application/json")[0] is body


@pytest.mark.parametrize("media_type", ["audio/wav", "multipart/form-data", FORM])
def test_what_is_no_text_is_one_file(media_type: str) -> None:
    assert looked_into(b"RIFF\0\0", media_type) == (b"", 1)


def test_a_form_that_is_none_is_looked_through_as_text() -> None:
    assert looked_into(b"about bluebird", FORM) == (b"about bluebird", 0)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_json_in_another_encoding_is_text(encoding: str) -> None:
    """Python's reader takes it, and so do servers that are made with it: it counted as a file, and left."""
    assert looked_into('{"a": "grün"}'.encode(encoding), "application/json") == ('{"a": "grün"}'.encode(), 0)


@pytest.mark.parametrize("body", [b"\0a\xd8\0", b"RIFF\0\0\0\0", b"\0\1\0\1", b"\xff\xfe\0\xd8"])
def test_what_only_looks_like_one_is_a_file(body: bytes) -> None:
    assert looked_into(body, "") == (b"", 1)
