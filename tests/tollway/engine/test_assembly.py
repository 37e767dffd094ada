"""Messages out of frames: whole, in pieces, compressed."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.engine import assembly
from tollway.engine.assembly import Assembly, Message
from tollway.engine.frames import BINARY, CONTINUATION, TEXT, Faulty, Frame


def frame(payload: bytes, opcode: int = TEXT, last: bool = True, packed: bool = False) -> Frame:
    """Its raw bytes are made up: nothing here reads them."""
    return Frame(opcode, last, packed, payload, b"<%s>" % payload)


class Packer:
    """A sender that compresses, and remembers earlier messages."""

    def __init__(self) -> None:
        self._deflating = zlib.compressobj(wbits=-15)

    def pack(self, content: bytes) -> bytes:
        return (self._deflating.compress(content) + self._deflating.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_a_message_in_one_frame() -> None:
    assert Assembly().take(frame(b"hi")) == Message(TEXT, b"hi", b"<hi>", False)


def test_a_message_in_pieces_keeps_them() -> None:
    taken = Assembly()

    assert taken.take(frame(b"a", BINARY, last=False)) is None
    assert taken.take(frame(b"b", CONTINUATION, last=False)) is None
    assert taken.take(frame(b"c", CONTINUATION)) == Message(BINARY, b"abc", b"<a><b><c>", False)
    assert taken.take(frame(b"next")) == Message(TEXT, b"next", b"<next>", False)


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=5))
def test_what_is_compressed_leans_on_what_came_before(said: list[bytes]) -> None:
    packer, taken = Packer(), Assembly()

    for content in said * 2:
        message = taken.take(frame(packer.pack(content), packed=True))
        assert message is not None
        assert (message.content, message.is_packed) == (content, True)


def test_a_compressed_message_in_pieces() -> None:
    packed, taken = Packer().pack(b"some words " * 100), Assembly()

    assert taken.take(frame(packed[:9], last=False, packed=True)) is None
    message = taken.take(frame(packed[9:], CONTINUATION))

    assert message is not None
    assert message.content == b"some words " * 100


def test_a_sender_may_begin_its_compression_anew() -> None:
    """RFC 7692, section 7.2.3.4: with a last block."""
    taken = Assembly()
    for _ in range(2):
        deflating = zlib.compressobj(wbits=-15)
        message = taken.take(frame(deflating.compress(b"hi") + deflating.flush(), packed=True))
        assert message is not None
        assert message.content == b"hi"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([frame(b"x", CONTINUATION)], 1002),
        ([frame(b"x", last=False), frame(b"y")], 1002),
        ([frame(b"x", last=False), frame(b"y", CONTINUATION, packed=True)], 1002),
        ([frame(b"\xff\xff\xff", packed=True)], 1007),
    ],
)
def test_what_is_no_message_is_told(said: list[Frame], code: int) -> None:
    taken = Assembly()

    *before, last = said
    for one in before:
        taken.take(one)
    with pytest.raises(Faulty) as fault:
        taken.take(last)

    assert fault.value.code == code


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "LARGEST", 1000)
    packed = Packer().pack(bytes(100_000))

    with pytest.raises(Faulty) as whole:
        Assembly().take(frame(packed, packed=True))
    taken = Assembly()
    taken.take(frame(packed[:1], last=False, packed=True))
    with pytest.raises(Faulty) as pieces:
        taken.take(frame(packed[1:], CONTINUATION))

    assert (whole.value.code, pieces.value.code) == (1009, 1009)


def test_too_many_pieces_are_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "LARGEST", 1000)
    taken = Assembly()
    taken.take(frame(bytes(900), last=False))

    with pytest.raises(Faulty) as fault:
        taken.take(frame(bytes(900), CONTINUATION, last=False))

    assert fault.value.code == 1009
