"""The ways in which bytes go wrong do what they say."""

import pytest

from tests.fuzz import mutations
from tests.fuzz.mutations import MUTATIONS, NUMBERS, VALUES, Mutation, events
from tests.simulator import event_stream
from tollway.wire.event_stream import FrameStream

BODY = b'{"usage": {"in": 12, "out": [3]}, "id": "x"}'
SSE = b'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [DONE]\n\n'
FRAMES = event_stream.event("one", {"n": 1}) + event_stream.event("two", {"bytes": "eyJuIjogMn0="})


@pytest.mark.parametrize(
    ("mutation", "a", "b", "changed"),
    [
        (mutations.cut_short, 5, 0, BODY[:5]),
        (mutations.beheaded, 5, 0, BODY[5:]),
        (mutations.without_piece, 1, 9, b"{" + BODY[9:]),
        (mutations.with_piece_twice, 0, 2, b'{"' + BODY),
        (mutations.with_byte_flipped, 0, 0, b"z" + BODY[1:]),
        (mutations.with_junk, 1, 1, b"{\xff" + BODY[1:]),
        (mutations.with_number, 0, 0, BODY.replace(b" 12", NUMBERS[0])),
        (mutations.with_number, 1, 6, BODY.replace(b"3", NUMBERS[6])),
        (mutations.with_scalar, 2, 0, BODY.replace(b' "x"', VALUES[0])),
        (mutations.with_container, 1, 7, b'{"usage": [], "id": "x"}'),
        (mutations.with_key, 0, 3, BODY.replace(b"usage", b"id")),
        (mutations.with_member_more, 0, 2, BODY.replace(b"]}", b'],"out":null}')),
        (mutations.without_event, 0, 0, b""),
    ],
)
def test_a_body_is_changed_there(mutation: Mutation, a: int, b: int, changed: bytes) -> None:
    """Where the first number says, as the second says."""
    assert mutation(BODY, a, b) == changed


@pytest.mark.parametrize(
    ("mutation", "order"),
    [
        (mutations.without_event, [1, 2]),
        (mutations.with_event_twice, [0, 0, 1, 2]),
        (mutations.with_events_swapped, [1, 0, 2]),
    ],
)
def test_a_stream_is_changed_event_by_event(mutation: Mutation, order: list[int]) -> None:
    """Whole events go, come again, or change places."""
    found = events(SSE)

    assert mutation(SSE, 0, 1) == b"".join(found[at] for at in order)


@pytest.mark.parametrize(("number", "payload"), [(0, b'{"n":-1}'), (1, b'{"bytes":"eyJuIjotMX0="}')])
def test_a_frame_is_changed_inside(number: int, payload: bytes) -> None:
    """Its sums fit, so it is read: of a model's event in base64 the event is changed."""
    change = mutations.TEXTUAL.index(mutations.with_number)

    changed = mutations.within_frame(FRAMES, number, change)

    assert [frame.payload for frame in FrameStream().feed(changed)][number] == payload


@pytest.mark.parametrize("data", [b"", b"x", BODY, SSE, FRAMES, FRAMES[:-1], b"a\nb\n", b"\n\n"])
def test_events_are_the_whole_stream(data: bytes) -> None:
    """Nothing is lost between them."""
    assert b"".join(events(data)) == data
    assert events(data)


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("data", [b"", b"{", BODY, SSE, FRAMES])
def test_any_numbers_do(mutation: Mutation, data: bytes) -> None:
    """And the same ones do the same."""
    for a in (0, 1, 7, 10**9):
        for b in (0, 2, 11, 10**9):
            assert mutation(data, a, b) == mutation(data, a, b)
