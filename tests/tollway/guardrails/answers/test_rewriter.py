"""A stream comes out the same wherever it is cut, and nothing comes behind its end."""

import pytest

from tests.tollway.guardrails.answers.filtering import Heard, at_end, holding, stopping, through
from tests.tollway.guardrails.answers.streams import DONE, NDJSON, SSE, lines, sse
from tollway.guardrails.answers import Filters, What, rewriting


def chunk(text: str) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


BODY = b": hello\n\n" + sse(chunk("one"), chunk("tö\U0001f600")) + b"data: no JSON\n\n" + DONE


@pytest.mark.parametrize("filters", [holding(Heard()), holding(Heard(), (2,), True), stopping("t"), at_end])
def test_the_same_comes_out_wherever_it_is_cut(filters: Filters) -> None:
    """Byte by byte, too."""
    for body in (BODY, BODY.replace(b"\n", b"\r\n"), BODY.replace(b"\n", b"\r"), BODY[:-1], BODY[:100]):
        whole = through("openai_chat", SSE, [body], filters)

        assert through("openai_chat", SSE, [bytes([byte]) for byte in body], filters) == whole


def test_what_no_filter_changes_passes_at_once() -> None:
    """Each event as soon as it is whole."""
    rewriter = rewriting("openai_chat", SSE, holding(Heard()))
    assert rewriter is not None

    assert rewriter.feed(sse(chunk("one"))) == sse(chunk("one"))
    assert rewriter.feed(b"data: [DO") == b""
    assert rewriter.feed(b"NE]\n\n") == DONE
    assert rewriter.end() == b""


def test_nothing_comes_behind_the_end() -> None:
    """Whatever is fed; who reads it may stop."""
    rewriter = rewriting("openai_chat", SSE, stopping("bad"))
    assert rewriter is not None

    assert rewriter.feed(sse(chunk("bad"), chunk("never"))).endswith(DONE)
    assert rewriter.ended
    assert rewriter.feed(sse(chunk("never"))) == b""
    assert rewriter.end() == b""


@pytest.mark.parametrize("sizes", [(0,), (1,), (9,)])
def test_a_character_may_come_in_halves(sizes: tuple[int, ...]) -> None:
    """Some providers cut between them, and readers put them together."""
    high, low = (
        b'data: {"choices":[{"delta":{"content":"a\\u%b"}}]}\n\n' % half for half in (b"d83d", b"de00")
    )

    out = through("openai_chat", SSE, [high, low], holding(Heard(), sizes))

    assert out.count(b"\\ud83d") == out.count(b"\\ude00") == 1
    assert sizes != (0,) or out == high + low


def test_a_last_event_without_its_end_goes_through_filters() -> None:
    """Some readers take it; what was held back goes with it."""
    body = sse(chunk("one"), chunk(" two"))[:-2]

    out = through("openai_chat", SSE, [body], holding(Heard(), (2,)))

    assert out == sse(chunk("o"), chunk("ne two")) + b"\n"


def test_a_last_event_without_its_end_is_finished_where_the_answer_ends() -> None:
    """So that the end is an event of its own."""
    stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]}

    out = through("openai_chat", SSE, [sse(chunk("one"))[:-2]], at_end)

    assert out == sse(chunk("one")) + b"\n" + sse(stop) + DONE


def test_the_mark_may_end_the_answer() -> None:
    """With what was held back until there, and once."""
    stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]}
    more = {"choices": [{"index": 0, "finish_reason": None, "delta": {"content": "one"}}]}

    out = through("openai_chat", SSE, [sse(chunk("one")) + DONE], at_end)

    assert out == sse(chunk(""), more, stop) + DONE


def test_an_object_in_the_place_of_events_is_a_whole_answer() -> None:
    """An error, or an answer whose content type is wrong."""
    body = b'{"choices": [{"message": {"content": "se"}}]}\n'

    out = through("openai_chat", SSE, [body[:9], body[9:]], holding(Heard(), (9,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""') + b"\n"


def test_a_line_without_its_end_goes_through_filters() -> None:
    """It may be the last one."""
    body = lines({"response": "se", "done": True})

    assert through("ollama", NDJSON, [body[:-1]], holding(Heard(), (0,), True)) == body.replace(
        b'"se"', b'"\\n\\""'
    )


@pytest.mark.parametrize(
    ("media", "dialect", "before", "broken", "after"),
    [
        (SSE, "openai_chat", sse(chunk("one")), b'event: x\ndata: {"content": "of e\n\n', DONE),
        (SSE, "openai_chat", sse(chunk("one")), b": of e\n\n", DONE),
        (SSE, "openai_chat", sse(chunk("one")), b'data: {"choices": [{"delta": {"content": "of e', b""),
        (NDJSON, "ollama", lines({"response": "one"}), b'{"response": "of e\n', b""),
        (NDJSON, "ollama", lines({"response": "one"}), b'{"response": "of e', b""),
        ("application/json", "gemini", b'[{"candidates": []}', b',{"candidates": [{"text": "of e', b""),
    ],
    ids=["event", "comment", "last event", "line", "last line", "array"],
)
def test_what_is_no_message_goes_through_a_filter_as_it_is(
    media: str, dialect: str, before: bytes, broken: bytes, after: bytes
) -> None:
    """A text passed unread with a message that was cut off."""
    body, heard = before + broken + after, Heard()

    assert through(dialect, media, [body], holding(heard)) == body
    (text,) = heard.texts(What.UNREAD)
    assert "of e" in text
    assert through(dialect, media, [body], stopping("of e")).startswith(before)
    assert b"of" not in through(dialect, media, [body], stopping("of e"))
    changed = through(
        dialect, media, [before + broken.replace(b'"', b"") + after], holding(Heard(), (2,), True)
    )
    assert b'f "' in changed
