"""`tollway.inspection`: golden exchanges as conversations."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.golden import Golden, golden_files
from tests.golden.road import recognised
from tollway.inspection import Answer, as_text, read_answer, read_request
from tollway.wire import DIALECTS

INFERENCE = [golden for golden in golden_files() if golden.is_inference]
CHATS = [golden for golden in INFERENCE if recognised(golden).operation == "chat"]
ASKED = ("Where", "Draw a gate", "Say it.", "What?")
SAID = ("ine", "A gate.", "Pay at", "[call", "! error", "[refusal]")
SAYS_NOTHING = {"openai-responses-background", "openai-responses-stream-incomplete"}
"""The first is not made yet, the other was cut off before a word."""


@pytest.mark.parametrize("golden", CHATS, ids=repr)
def test_a_chat_shows_its_question_and_its_answer(golden: Golden) -> None:
    """Of every dialect and every provider, streamed or whole."""
    dialect = recognised(golden).dialect

    asked = as_text(read_request(dialect, golden.request, golden.request_headers["content-type"]))
    said = as_text(read_answer(dialect, golden.answer, golden.response_headers.get("content-type", "")))

    assert any(text in asked for text in ASKED), asked
    assert any(text in said for text in SAID) != (golden.name in SAYS_NOTHING), said


@pytest.mark.parametrize("golden", INFERENCE, ids=repr)
def test_all_else_is_shown_as_something(golden: Golden) -> None:
    """Embeddings by their number, images and sounds by their size, ranks as they are."""
    dialect = recognised(golden).dialect

    said = as_text(read_answer(dialect, golden.answer, golden.response_headers.get("content-type", "")))

    assert bool(said) != (golden.name in SAYS_NOTHING)
    assert "no whole JSON" not in said


@given(
    golden=st.sampled_from(INFERENCE),
    cuts=st.lists(st.integers(0, 2**20), max_size=5),
    dialect=st.none() | st.sampled_from(sorted(DIALECTS)),
)
def test_an_answer_is_the_same_wherever_it_is_cut(
    golden: Golden, cuts: list[int], dialect: str | None
) -> None:
    """Also by another dialect's reader."""
    body, media = golden.answer, golden.response_headers.get("content-type", "")
    of = dialect or recognised(golden).dialect
    places = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    answer = Answer(of, media)

    for start, end in pairwise(places):
        answer.feed(body[start:end])
        answer.conversation()

    assert answer.conversation() == read_answer(of, body, media)
