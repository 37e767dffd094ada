"""The file in a form, however its bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.batches.cut import pieces
from tollway.batches.form_file import LONGEST_FIELD, LONGEST_HEAD, MOST_FIELDS, FormFile

TYPE = 'multipart/form-data; boundary="edge"'
HEAD = b'--edge\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
NAMED = b'; filename="in.jsonl"\r\nContent-Type: application/octet-stream'


def form(file: bytes, purpose: bytes = b"batch", end: bytes = b"--edge--\r\n") -> bytes:
    """A form as SDKs write it."""
    fields = HEAD % (b"purpose", b"") + purpose + b"\r\n"
    return fields + HEAD % (b"file", NAMED) + file + b"\r\n" + end


near = st.lists(
    st.sampled_from(
        [b"\r", b"\n", b"\r\n", b"-", b"--edg", b"--edge", b"--edge-", b"\r\n--edgex", b"x", b" "]
    )
).map(b"".join)
"""What is nearly a boundary."""


@given(near | st.binary(), st.data())
def test_the_file_comes_out_as_it_is_however_it_is_cut(file: bytes, data: st.DataObject) -> None:
    if any(
        edge in b"\r\n" + file + b"\r\n" for edge in (b"\r\n--edge\r\n", b"\r\n--edge--", b"\r\n--edge \r\n")
    ):
        return
    if b"\r\n--edge " in b"\r\n" + file:
        return
    reader = FormFile(TYPE)

    found = b"".join(reader.feed(piece) for piece in pieces(form(file), data))

    assert found == file
    assert reader.fields == {"purpose": "batch"}


@given(st.binary(), st.data())
def test_nothing_makes_it_fail(anything: bytes, data: st.DataObject) -> None:
    reader = FormFile(TYPE)
    for piece in pieces(b"--edge\r\n" + anything + b"\r\n--edge" + anything, data):
        reader.feed(piece)


def test_a_field_behind_the_file_is_read() -> None:
    file = HEAD % (b"file", NAMED) + b"lines\r\n"
    reader = FormFile(TYPE)

    assert reader.feed(file + HEAD % (b"purpose", b"") + b"batch\r\n--edge--") == b"lines"
    assert reader.fields == {"purpose": "batch"}


def test_what_follows_the_end_is_nothing() -> None:
    reader = FormFile(TYPE)

    assert reader.feed(form(b"lines") + form(b"more")) == b"lines"
    assert reader.feed(form(b"more")) == b""


def test_an_empty_file_and_an_empty_field_are_empty() -> None:
    reader = FormFile(TYPE)

    assert reader.feed(form(b"", b"")) == b""
    assert reader.fields == {"purpose": ""}


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data"])
def test_without_a_boundary_there_is_nothing(media_type: str) -> None:
    assert FormFile(media_type).feed(form(b"lines")) == b""


def test_a_field_is_kept_so_far() -> None:
    reader = FormFile(TYPE)
    reader.feed(form(b"lines", b"x" * 5000))

    assert reader.fields == {"purpose": "x" * LONGEST_FIELD}


def test_fields_are_kept_so_many() -> None:
    reader = FormFile(TYPE)
    for n in range(MOST_FIELDS + 5):
        reader.feed(HEAD % (b"n%d" % n, b"") + b"x\r\n")

    assert len(reader.fields) == MOST_FIELDS


def test_a_head_without_an_end_ends_it() -> None:
    reader = FormFile(TYPE)
    reader.feed(b"--edge\r\n" + b"x" * (LONGEST_HEAD + 10))

    assert reader.feed(b"\r\n\r\n" + form(b"lines")) == b""


def test_a_part_without_a_name_is_no_field() -> None:
    reader = FormFile(TYPE)
    reader.feed(b"--edge\r\nX-Other: 1\r\n\r\nx\r\n--edge--")

    assert reader.fields == {}


def read_whole(body: bytes, media_type: str = TYPE) -> tuple[bytes, bool]:
    """What is in it, and whether that is all."""
    reader = FormFile(media_type)
    return reader.feed(body), reader.is_one_file


FIELD = HEAD % (b"file", b"") + b"y\r\n"
ANOTHER = HEAD % (b"file", NAMED) + b"y\r\n"


@pytest.mark.parametrize(
    ("body", "found", "is_one"),
    [
        (HEAD % (b"file", NAMED) + b"x\r\n--edge--\r\n", b"x", True),
        (HEAD % (b"file", NAMED) + b"x\r\n--edge\r\n", b"x", False),
        (HEAD % (b"file", NAMED) + b"x\r\n" + FIELD + b"--edge--", b"x", False),
        (HEAD % (b"file", NAMED) + b"x\r\n" + ANOTHER + b"--edge--", b"xy", False),
        (FIELD + b"--edge--", b"", False),
    ],
    ids=["one", "cut", "field", "two", "none"],
)
def test_it_says_whether_a_file_is_all_that_is_in_it(body: bytes, found: bytes, is_one: bool) -> None:
    assert read_whole(body) == (found, is_one)


def test_of_several_boundaries_nobody_knows_which_one_parts_it() -> None:
    assert read_whole(form(b"x"), f"{TYPE}, multipart/form-data; boundary=other") == (b"", False)


@pytest.mark.parametrize(
    ("coding", "found"),
    [
        (b"content-transfer-encoding: 8BIT", b"x"),
        (b"Content-Transfer-Encoding:binary ", b"x"),
        (b"Content-Transfer-Encoding: quoted-printable", b""),
        (b"content-transfer-encoding:\r\n base64", b""),
        (b"Content-Transfer-Encoding : binarybase64", b""),
    ],
)
def test_a_part_that_only_some_readers_decode_is_not_read(coding: bytes, found: bytes) -> None:
    body = HEAD % (b"file", NAMED + b"\r\n" + coding) + b"x\r\n--edge--\r\n"

    assert read_whole(body) == (found, bool(found))
