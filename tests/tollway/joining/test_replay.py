"""Recorded answers, played again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.caching.recorded import Recorded
from tollway.joining.replay import Replay, pieces
from tollway.model import Usage
from tollway.played import CameTo

FOUND = Recorded(
    status=200,
    headers=(("content-type", "text/event-stream"), ("openai-version", "2020-10-01")),
    body=b"data: 1\n\ndata: 2\n\n",
    stream=True,
    call="c1",
    rule="all",
    scope="user ann",
    provider="openai",
    model="gpt-4o",
    usage=Usage(input_tokens=7),
    cost_nano=5,
    made_us=1_000_000,
    until_us=9_000_000,
)


def test_a_stream_is_played_as_one_with_its_age() -> None:
    told = list[str]()
    replay = Replay(FOUND, 4_999_999, lambda: told.append("given"))
    replay.when_more(lambda: told.append("there is more"))
    head = replay.head()

    assert (head.status, head.size) == (200, None)
    assert head.fields == (
        (b"content-type", b"text/event-stream"), (b"openai-version", b"2020-10-01"), (b"age", b"3"),
    )  # fmt: skip
    assert (replay.take(), replay.take()) == (FOUND.body, None)
    assert replay.came_to == CameTo(usage=Usage(input_tokens=7), cost_nano=5)
    assert told == ["there is more", "given"]
    replay.leave()


def test_an_answer_in_one_piece_says_how_long_it_is() -> None:
    replay = Replay(replace(FOUND, stream=False, body=bytes(100_000)), 0)

    assert replay.head().size == 100_000
    assert replay.head().fields[-1] == (b"age", b"0")  # a clock was set back
    assert (replay.take(), replay.take()) == (bytes(100_000), None)


@pytest.mark.parametrize(
    ("body", "cut"),
    [
        (b"", []),
        (b"a\n\nb\n\n", [b"a\n\nb\n\n"]),
        (b"aaa\n\nbbb\n\nccc\n\n", [b"aaa\n\nbbb\n\n", b"ccc\n\n"]),
        (b"aaa\r\n\r\nbbb\r\n\r\n", [b"aaa\r\n\r\n", b"bbb\r\n\r\n"]),
        (b"a very long event\n\nshort\n\n", [b"a very long event\n\n", b"short\n\n"]),
        (b'{"a":1}\n{"b":2}\n', [b'{"a":1}\n', b'{"b":2}\n']),
        (b"no event ends here", [b"no event en", b"ds here"]),
    ],
)
def test_pieces_end_where_events_do(body: bytes, cut: list[bytes]) -> None:
    """Or lines, where there are no events; what has neither is cut anywhere."""
    assert list(pieces(body, 11)) == cut


@given(st.binary(max_size=300) | st.text("ab\r\n", max_size=300).map(str.encode), st.integers(1, 50))
def test_pieces_are_all_of_it(body: bytes, size: int) -> None:
    found = list(pieces(body, size))

    assert b"".join(found) == body
    assert all(found)
