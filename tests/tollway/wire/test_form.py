"""Forms are read as Python's own parser reads them, and as they were built."""

import time
from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from typing import Any

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.form import MOST, form, is_form, names_of

BOUNDARY = "7d6b0e9c1f"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
MODEL = b'Content-Disposition: form-data; name="model"\r\n\r\nwhisper-1'
FILE = b'Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'

type Field = tuple[str, str | bytes]


def part(name: str, content: str | bytes) -> bytes:
    """A field as browsers send it; bytes are a file's."""
    if isinstance(content, str):
        return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{content}'.encode()
    file = f'Content-Disposition: form-data; name="{name}"; filename="{name}.bin"\r\n'
    return file.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content


def body_of(*parts: bytes, boundary: str = BOUNDARY, end: bytes = b"--\r\n") -> bytes:
    delimiter = b"--" + boundary.encode()
    return b"".join(delimiter + b"\r\n" + each + b"\r\n" for each in parts) + delimiter + end


def by_email(body: bytes, media_type: str) -> Mapping[str, str | bytes]:
    """What Python's own parser makes of it."""
    message = message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, str | bytes] = {}
    for each in message.get_payload():
        assert isinstance(each, Message)
        content = each.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = each.get_param("name", header="content-disposition")
        fields[str(name)] = content if each.get_filename() is not None else content.decode("utf-8", "replace")
    return fields


NAMES = st.text("abcdefghijklmnopqrstuvwxyz_[]", min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
FIELDS = st.lists(st.tuples(NAMES, TEXTS | st.binary(max_size=200)), min_size=1, max_size=6)
BOUNDARIES = st.text("0123456789abcdefXYZ'()+_-./", min_size=6, max_size=70)


@given(FIELDS, BOUNDARIES, st.booleans())
def test_a_form_has_its_fields(fields: list[Field], boundary: str, quoted: bool) -> None:
    """Of several of one name the last; files as bytes, all else as text, whatever is in them."""
    body = body_of(*(part(*field) for field in fields), boundary=boundary)
    value = f'"{boundary}"' if quoted else boundary

    assert form(body, f"multipart/form-data; boundary={value}") == dict(fields)


@given(FIELDS, BOUNDARIES)
def test_it_is_read_as_pythons_own_parser_reads_it(fields: list[Field], boundary: str) -> None:
    body = body_of(*(part(*field) for field in fields), boundary=boundary)
    media_type = f'multipart/form-data; boundary="{boundary}"'

    assert form(body, media_type) == by_email(body, media_type)


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
@given(
    texts=st.dictionaries(NAMES, TEXTS, max_size=4),
    files=st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=3),
)
def test_what_sdks_send_is_read(library: Any, texts: dict[str, str], files: dict[str, bytes]) -> None:
    """By the libraries of OpenAI's, Anthropic's and Google's."""
    named = {name: (f"{name} ü.wav", content, "audio/wav") for name, content in files.items()}
    request = library.Request("POST", "https://api.openai.com/", data=texts, files=named)

    assert form(request.read(), request.headers["content-type"]) == {**texts, **files}


@given(FIELDS, st.integers(0, 2000))
def test_a_form_that_is_cut_off_has_the_parts_that_are_whole(fields: list[Field], at: int) -> None:
    """A part is whole once the next delimiter is."""
    parts = [part(*field) for field in fields]
    body = body_of(*parts)
    ends = [len(body_of(*parts[:n], end=b"")) for n in range(1, len(parts) + 1)]

    whole = sum(end <= at for end in ends)

    assert form(body[:at], TYPE) == (dict(fields[:whole]) if whole else None)


@pytest.mark.parametrize(
    "inside",
    [
        f"x--{BOUNDARY}\r\n".encode(),
        f"\n--{BOUNDARY}\n".encode(),
        f"\r--{BOUNDARY}\r".encode(),
        f"\r\n-{BOUNDARY}".encode(),
        f"\r\n--{BOUNDARY[:-1]}\r\n".encode(),
        f"\r\n--{BOUNDARY}x\r\n".encode(),
        f"\r\n--{BOUNDARY}-\r\n".encode(),
        f"\r\n--{BOUNDARY} x\r\n".encode(),
        b"\r\n\r\n",
        b"",
    ],
)
def test_only_a_delimiter_that_is_a_line_parts_a_form(inside: bytes) -> None:
    """A file may have anything else in it: else it could name another model than its provider sees."""
    hidden = inside + b'\r\nContent-Disposition: form-data; name="model"\r\n\r\ncheaper'

    assert form(body_of(MODEL, FILE + hidden), TYPE) == {"model": "whisper-1", "file": hidden}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"a preamble\r\n" + body_of(MODEL), {"model": "whisper-1"}),
        (body_of(MODEL) + b"an epilogue", {"model": "whisper-1"}),
        (body_of(MODEL).replace(b"f\r\nC", b"f \t\r\nC"), {"model": "whisper-1"}),
        (body_of(MODEL, end=b"--"), {"model": "whisper-1"}),
        (body_of(MODEL, end=b"-- \r\n"), {"model": "whisper-1"}),
        (body_of(MODEL.replace(b"Content-Disposition: ", b"CONTENT-DISPOSITION:")), {"model": "whisper-1"}),
        (body_of(b"X-Y: z\r\n" + MODEL), {"model": "whisper-1"}),
        (body_of(MODEL.replace(b"form-data", b"form-data; filename*=utf-8''a")), {"model": b"whisper-1"}),
        (body_of(MODEL.replace(b"form-data", b'form-data; filename="a; name=b"')), {"model": b"whisper-1"}),
        (body_of(MODEL + b"\xff\r\n"), {"model": "whisper-1\N{REPLACEMENT CHARACTER}\r\n"}),
        (body_of(b"Content-Type: text/plain\r\n\r\nnameless", MODEL), {"model": "whisper-1"}),
        (body_of(MODEL) + body_of(MODEL.replace(b"1", b"2")), {"model": "whisper-1"}),
    ],
    ids=["preamble", "epilogue", "padding", "short end", "padded end", "upper case", "second header",
         "coded file name", "file name first", "no text", "nameless", "two forms"],
)  # fmt: skip
def test_a_form_may_be_written_so(body: bytes, fields: dict[str, str | bytes]) -> None:
    """What comes behind the end is no part of it."""
    assert form(body, TYPE) == fields


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (body_of(MODEL), "multipart/form-data"),
        (body_of(MODEL), "multipart/form-data; boundary="),
        (body_of(MODEL), "multipart/form-data; boundary=" + "x" * 201),
        (body_of(MODEL), "multipart/form-data; boundary=other"),
        (body_of(), TYPE),
        (body_of(b"no head"), TYPE),
        (b"", TYPE),
        (b'{"model":"whisper-1"}', TYPE),
    ],
    ids=["no boundary", "empty boundary", "long boundary", "another", "no parts", "no head", "empty", "JSON"],
)
def test_what_has_no_fields_is_no_form(body: bytes, media_type: str) -> None:
    assert form(body, media_type) is None


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        (TYPE, True), (" Multipart/Form-Data;boundary=x", True), ("multipart/form-data", True),
        ("multipart/mixed; boundary=x", False), ("application/json", False), ("", False),
        ("application/x-www-form-urlencoded", False),
    ],
)  # fmt: skip
def test_a_form_is_told_by_its_type(media_type: str, expected: bool) -> None:
    assert is_form(media_type) is expected


def test_of_very_many_parts_so_many_are_read() -> None:
    body = body_of(*(part(f"n{n}", "") for n in range(MOST + 5)))

    fields = form(body, TYPE)

    assert fields is not None
    assert len(fields) == MOST


SIZE = 25 * 2**20
FILLERS = {
    "zeros": b"\0",
    "line ends": b"\r\n",
    "blank lines": b"\r\n\r\n",
    "dashes": b"\r\n--",
    "almost delimiters": f"\r\n--{BOUNDARY[:-1]}".encode(),
    "longer delimiters": f"\r\n--{BOUNDARY}x".encode(),
    "headers": b'\r\nContent-Disposition: form-data; name="',
}


@pytest.mark.parametrize("filler", FILLERS.values(), ids=FILLERS)
@pytest.mark.parametrize("in_head", [False, True])
def test_the_largest_file_is_read_in_linear_time(filler: bytes, in_head: bool) -> None:
    """25 MB, as large as OpenAI takes: it takes hundredths of a second, where its square would take days."""
    content = filler * (SIZE // len(filler))
    body = body_of(MODEL, FILE.removesuffix(b"\r\n\r\n") + content if in_head else FILE + content)
    started = time.process_time()

    fields = form(body, TYPE)

    assert time.process_time() - started < 60
    assert fields is not None
    assert fields["model"] == "whisper-1"
    if not in_head and filler != FILLERS["longer delimiters"]:  # of those, so many are looked at
        assert fields["file"] == content


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_bytes_make_it_raise(body: bytes, boundary: str) -> None:
    form(body, f"multipart/form-data; boundary={boundary}")
    form(b"--x\r\n" + body + b"\r\n--x", "multipart/form-data; boundary=x")


def head(said: str) -> bytes:
    """A part with this in its head."""
    return f"Content-Disposition: form-data; {said}\r\n\r\nx".encode()


def test_the_names_of_a_form_are_told_as_often_as_they_are_there() -> None:
    assert names_of(body_of(MODEL, FILE + b"x", MODEL), TYPE) == ["model", "file", "model"]


@pytest.mark.parametrize(
    "said",
    ["name=model", "name*=utf-8''model", 'name="a"; name="b"', 'name="mo\\del"', 'name="m%6fdel"', "x=y"],
)
def test_names_that_readers_may_take_for_others_are_not_told(said: str) -> None:
    assert names_of(body_of(MODEL, head(said)), TYPE) is None


@pytest.mark.parametrize("media_type", ["multipart/form-data", f"{TYPE}; boundary=other"])
def test_without_one_boundary_no_names_are_told(media_type: str) -> None:
    assert names_of(body_of(MODEL), media_type) is None


def test_of_a_form_with_more_parts_than_are_read_no_names_are_told() -> None:
    assert names_of(body_of(*[MODEL] * MOST), TYPE) is None
    assert names_of(body_of(*[MODEL] * (MOST - 1)), TYPE) is not None
