"""What another model thought does not come back to Anthropic."""

import orjson
import pytest

from tollway.translation.thoughts import MARK, without_ours

OURS = {"type": "thinking", "thinking": "hm", "signature": MARK}
THEIRS = {"type": "thinking", "thinking": "hm", "signature": "of-anthropic"}
TEXT = {"type": "text", "text": "Well"}


def left(messages: object) -> object:
    """The messages that are left; None: nothing is to change."""
    body = {"model": "m", "messages": messages}
    changed = without_ours(orjson.dumps(body), body)
    if changed is None:
        return None
    said = orjson.loads(changed)
    assert said.pop("model") == "m"
    return said["messages"]


def test_ours_are_taken_out_and_all_else_stays() -> None:
    user = {"role": "user", "content": "hi"}
    talk = [user, {"role": "assistant", "content": [OURS, THEIRS, TEXT]}, "odd"]

    assert left(talk) == [user, {"role": "assistant", "content": [THEIRS, TEXT]}, "odd"]


def test_a_message_of_nothing_else_goes() -> None:
    assert left([{"role": "assistant", "content": [OURS]}]) == []


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "assistant", "content": [THEIRS, TEXT]}],
        [{"role": "user", "content": f"the text {MARK}"}],
        [{"role": "user", "content": [{"type": "text", "text": MARK}, "odd"]}],
        MARK,
    ],
    ids=["Anthropic's", "a text", "a block of text", "no list"],
)
def test_what_has_none_of_ours_stays_as_it_is(messages: object) -> None:
    assert left(messages) is None
