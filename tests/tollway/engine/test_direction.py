"""What goes on of a message, and how much waits behind one."""

from mitmproxy.connection import Server

from tollway.engine.assembly import Message
from tollway.engine.backlog import HIGH, LOW
from tollway.engine.direction import Direction
from tollway.engine.frames import BINARY, TEXT, framed
from tollway.relayed import AS_IT_IS, Passage

PACKED = Message(TEXT, b"content", b"<raw>", True)
PLAIN = Message(BINARY, b"content", b"<raw>", False)


def direction(from_client: bool = False) -> Direction:
    return Direction(Server(address=("a", 1)), Server(address=("b", 1)), from_client, True)


def test_what_passes_keeps_its_frames() -> None:
    assert direction().passed(PACKED, AS_IT_IS) == b"<raw>"


def test_another_message_goes_in_the_place_of_one() -> None:
    assert direction().passed(PLAIN, Passage(content=b"other")) == framed(BINARY, b"other", False)
    assert direction().passed(PLAIN, Passage(is_dropped=True)) == b""


def test_behind_a_compressed_one_that_did_not_pass_they_go_uncompressed() -> None:
    """Theirs leans on it."""
    way = direction()
    way.passed(PACKED, Passage(is_dropped=True))

    assert way.passed(PACKED, AS_IT_IS) == framed(TEXT, b"content", False)
    assert way.passed(PLAIN, AS_IT_IS) == b"<raw>"


def test_behind_a_plain_one_that_did_not_pass_nothing_changes() -> None:
    way = direction()
    way.passed(PLAIN, Passage(content=b"other"))

    assert way.passed(PACKED, AS_IT_IS) == b"<raw>"


def test_what_waits_is_bounded() -> None:
    way = direction()
    message = Message(BINARY, b"", bytes(HIGH // 2), False)
    for _ in range(3):
        way.wait(message)

    assert way.is_full()
    while not way.is_low():
        assert way.next() is message
    assert not way.is_full()
    assert LOW < HIGH
