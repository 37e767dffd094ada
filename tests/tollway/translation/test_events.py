"""Events are bytes of JSON, whatever their text."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tollway.translation import events


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 1000))
def test_a_piece_of_text_is_said_as_it_is(text: str, index: int) -> None:
    name, data, *rest = events.delta(index, events.TEXT, text).split(b"\n")

    assert (name, rest) == (b"event: content_block_delta", [b"", b""])
    assert orjson.loads(data.removeprefix(b"data: ")) == {
        "type": "content_block_delta",
        "index": index,
        "delta": {"type": "text_delta", "text": text},
    }


def test_half_of_a_pair_of_surrogates_is_said_as_it_came() -> None:
    assert events.dumps("\ud83d") == b'"\\ud83d"'
