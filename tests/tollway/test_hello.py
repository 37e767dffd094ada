"""However a client's hello is dressed, the names in it are found; what is none is known for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.hellos import (
    RECORD,
    encrypted_hello,
    extension,
    hello,
    pieces,
    record,
    records,
    server_name,
)
from tollway.hello import MOST, Hello, HelloReader, TooLong, Unfinished

NAME = "api.openai.com"


def read(data: bytes, size: int = 1 << 20) -> Hello | None:
    """What these bytes are, if they come by pieces of this size; Unfinished is raised at their end alone."""
    reader, found = HelloReader(), None
    *before, last = pieces(data, size) or [b""]
    for piece in before:
        with pytest.raises(Unfinished):
            reader.feed(piece)
    found = reader.feed(last)
    assert reader.taken == len(data)
    return found


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("in_records", [1, 7, RECORD])
def test_a_name_is_found_however_the_hello_is_cut(size: int, in_records: int) -> None:
    found = read(records(hello(NAME), in_records), size)

    assert found is not None
    assert found.names == (NAME,)


@pytest.mark.parametrize(
    ("names", "more"),
    [((), b""), ((NAME,), b""), (("other.example", NAME), b""), ((NAME.upper() + ".",), b"")],
)
def test_all_names_are_told_as_they_are_written(names: tuple[str, ...], more: bytes) -> None:
    found = read(records(hello(*names, more=more)))

    assert found is not None
    assert found.names == names


def test_two_extensions_of_names_count_both() -> None:
    found = read(records(hello("other.example", more=server_name(NAME, b"\xff"))))

    assert found is not None
    assert found.names == ("other.example", NAME, "\xff")


@pytest.mark.parametrize(
    "first", [record(b"\1\x5a", 21), record(b"\1", 20), record(b"", 22), record(b"x", 24)]
)
def test_records_of_other_types_may_stand_before_it(first: bytes) -> None:
    found = read(first + records(hello(NAME)))

    assert found is not None
    assert found.names == (NAME,)


def test_an_encrypted_hello_is_known_for_one_that_may_be() -> None:
    plain, maybe = (read(records(hello(NAME, more=more))) for more in (b"", encrypted_hello()))

    assert plain is not None
    assert maybe is not None
    assert (plain.offers_encrypted, maybe.offers_encrypted) == (False, True)


def test_a_program_is_known_by_the_form_of_its_hello() -> None:
    """Whom it calls, and what it throws in that has no meaning, does not matter; what it offers does."""
    grease, other = extension(0x3A3A, b""), extension(0x7A7A, b"\0")
    one, same, another = (
        read(records(message))
        for message in (
            hello(NAME, more=grease), hello("other.example", more=other), hello(NAME, more=extension(16, b""))
        )
    )  # fmt: skip

    assert one is not None
    assert same is not None
    assert another is not None
    assert one.form == same.form != another.form


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"SSH-2.0",
        b"\x17\3\3\0\5hello",
        b"\x16\2",
        records(b"\2\0\0\1x"),
        b"\0",
        b"\x16GET ",
    ],
)
def test_what_is_no_hello_is_none(data: bytes) -> None:
    assert HelloReader().feed(data) is None


@pytest.mark.parametrize("data", [b"", b"\x16", b"\x16\3", records(hello(NAME))[:-1], record(b"\1\x5a", 21)])
def test_what_may_still_become_one_is_waited_for(data: bytes) -> None:
    with pytest.raises(Unfinished):
        HelloReader().feed(data)


@pytest.mark.parametrize(
    "data", [record(b"\1\x5a", 21), record(b""), records(b"\1\xff\xff\xff" + bytes(MOST))]
)
def test_nobody_waits_for_ever(data: bytes) -> None:
    with pytest.raises(TooLong):
        HelloReader().feed(data * (1 + MOST // len(data)))


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise_but_to_ask_for_more(data: bytes) -> None:
    for first in (b"", b"\x16\3\1\1\0\1\0\0\xfc\3\3" + bytes(32)):
        try:
            HelloReader().feed(first + data)
        except Unfinished:
            pass


@given(st.binary(max_size=120))
def test_whatever_its_extensions_hold_it_is_a_hello(body: bytes) -> None:
    found = read(records(hello(more=extension(0, body))))

    assert found is not None
