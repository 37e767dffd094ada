"""What was heard in a sound."""

import json

from tests.tollway.guardrails.answers.filtering import (
    Heard,
    at_end,
    holding,
    stopping,
    through,
    whole_through,
)
from tests.tollway.guardrails.answers.streams import SSE, sse

DIALECT = "openai_transcriptions"


def delta(text: str) -> dict[str, object]:
    return {"type": "transcript.text.delta", "delta": text, "logprobs": [{"token": text}]}


def done(text: str) -> dict[str, object]:
    return {"type": "transcript.text.done", "text": text, "usage": {"type": "tokens"}}


def test_all_strings_of_a_whole_one_are_texts() -> None:
    body = json.dumps({"text": "one two", "segments": [{"id": 0, "text": "one"}], "words": [{"word": "two"}]})
    heard = Heard()

    assert whole_through(DIALECT, body.encode(), holding(heard)) == body.encode()
    assert sorted(heard.texts()) == ["one", "one two", "two"]


def test_pieces_are_one_text_and_the_whole_says_what_they_said() -> None:
    """A word that is cut between two is found."""
    body, heard = sse(delta("blue"), delta("bird"), done("bluebird")), Heard()

    assert through(DIALECT, SSE, [body], holding(heard)) == body
    assert heard.texts() == ["bluebird", "tokens"]
    out = through(DIALECT, SSE, [sse(delta("to"), delta("e"), done("toe"))], holding(Heard(), (1,), True))
    said = [json.loads(line[6:]) for line in out.decode().splitlines() if line.startswith("data: ")]
    assert "".join(one["delta"] for one in said[:-1]) == said[-1]["text"] == '\U0001f600\\"'
    assert all(one.get("logprobs") == [] for one in said[:2])


def test_it_ends_with_an_end_of_its_own() -> None:
    out = through(DIALECT, SSE, [sse(delta("a bad"), delta("one"), done("a bad one"))], stopping("bad"))

    assert out == sse(delta("a ") | {"logprobs": []}, {"type": "transcript.text.done", "text": ""}) + (
        b"data: [DONE]\n\n"
    )


def test_where_it_is_over_there_is_no_other_end() -> None:
    out = through(DIALECT, SSE, [sse(delta("one"), done("one"))], at_end)

    assert out.count(b"transcript.text.done") == 1


def test_a_plain_text_is_one() -> None:
    """So may subtitles be asked for."""
    body, heard = b": one\n\n00:01 --> 00:02\ntwo", Heard()

    assert through(DIALECT, "text/plain", [body], holding(heard)) == body
    assert "two" in "".join(heard.fed.values())


def test_what_says_nothing_or_a_part_of_it_ends_nothing() -> None:
    """As a segment, which comes between pieces."""
    segment = {"type": "transcript.text.segment", "text": "blue", "speaker": "A"}
    body, heard = sse({"type": "transcript.text.delta"}, delta("blue"), segment, delta("bird")), Heard()

    assert through(DIALECT, SSE, [body], holding(heard)) == body
    assert heard.texts()[0] == "bluebird"
    assert len(through(DIALECT, SSE, [body], at_end).split(b"transcript.text.done")) == 2
