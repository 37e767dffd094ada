"""The messages of a WebSocket are read as Chrome writes them; what can't be read is counted."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.recorded.samples import TIME_US
from tests.tollway.recorded.socket_samples import binary, received, sent
from tollway.recorded.exchange import LATEST_US, Message
from tollway.recorded.fields import Fields, Flaw
from tollway.recorded.messages import messages

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["type", "time", "opcode", "data", "other"])
VALUES = ANY | st.sampled_from(["send", "receive", "error", "AA==", 0, 1, 2, 8, 1.5])


def read(*said: Any) -> tuple[tuple[Message, ...] | None, int]:
    return messages(Fields({"_webSocketMessages": list(said)}))


def test_a_message_is_what_was_said_by_whom_and_when() -> None:
    found, unread = read(sent(1.5, a="ä"), received(2.0, b=1))

    assert found == (
        Message(from_client=True, content=b'{"a": "\\u00e4"}', at_us=TIME_US + 1_500_000),
        Message(from_client=False, content=b'{"b": 1}', at_us=TIME_US + 2_000_000),
    )
    assert unread == 0


def test_a_binary_message_is_its_bytes() -> None:
    assert read(binary(sent(a=1))) == read(sent(a=1))


def test_a_text_is_utf_8() -> None:
    found, _ = read({**sent(), "data": "ä€😀"})

    assert found is not None
    assert found[0].content == "ä€😀".encode()


@pytest.mark.parametrize("opcode", [8, 9, 10])
def test_control_frames_say_nothing(opcode: int) -> None:
    assert read({**sent(), "opcode": opcode}) == ((), 0)


def test_chromes_errors_say_nothing() -> None:
    assert read({"type": "error", "time": 1.0, "opcode": -1, "data": "net::ERR_FAILED"}) == ((), 0)


@pytest.mark.parametrize(
    "message",
    [None, 1, {}, {**sent(), "type": "sideways"}, {**sent(), "data": None}, {**sent(), "opcode": 7},
     {**sent(), "opcode": 2, "data": "no base64!"}, {**sent(), "opcode": 2, "data": "ä"}],
)  # fmt: skip
def test_what_cant_be_read_is_counted(message: Any) -> None:
    found, unread = read(message, sent())

    assert (len(found or ()), unread) == (1, 1)


@pytest.mark.parametrize("time", [None, "1", True, -1, 0, math.inf, math.nan, LATEST_US])
def test_a_time_that_is_none_is_not_known(time: Any) -> None:
    found, _ = read({**sent(), "time": time})

    assert found is not None
    assert found[0].at_us is None


def test_what_was_not_recorded_is_none() -> None:
    assert messages(Fields({})) == (None, 0)
    assert read() == ((), 0)
    with pytest.raises(Flaw, match="_webSocketMessages is text, not a list"):
        messages(Fields({"_webSocketMessages": "x"}))


@given(st.lists(ANY | st.dictionaries(KEYS, VALUES, max_size=5), max_size=4))
def test_each_message_is_read_or_counted_or_says_nothing(said: list[Any]) -> None:
    found, unread = read(*said)

    assert found is not None
    assert len(found) + unread <= len(said)
