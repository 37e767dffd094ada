"""One call and what was said in it, as text and as JSON."""

from zoneinfo import ZoneInfo

import orjson

from tests.tollway.ledger.samples import FULL, NOON_US, call
from tests.tollway.texts.made import text
from tollway.reporting.shown_call import as_json, as_text, lines_of
from tollway.texts.store import TOO_LARGE

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
ASKED = orjson.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]})
SAID = orjson.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}}]})
CUT = b'data: {"choices": [{"index": 0, "delta": {"content": "hel"}}]}\n\ndata: {"cho'


def test_facts_come_first_then_each_text_with_why_and_until_when_it_is_kept() -> None:
    texts = [text("full", body=ASKED), text("full", "response", body=SAID, rule="audit")]

    found = as_text(FULL, texts, NOON_US, BERLIN, ())

    facts, _, rest = found.partition("\n\n")
    assert facts.splitlines()[0].split() == ["call", "full"]
    assert "ann@example.com" in facts
    assert "what went to the provider, kept by record[0] until 2026-11-26 13:00:\n" in rest
    assert "what the client got, kept by audit until 2026-11-26 13:00:\n" in rest
    assert (
        rest.index("say hi")
        < rest.index("what the client got")
        < rest.index("hi", rest.index("what the client"))
    )


def test_what_broke_off_is_said_to_have() -> None:
    found = as_text(
        call(status=200),
        [text(body=ASKED), text(part="response", body=CUT, whole=False, media_type="text/event-stream")],
        NOON_US,
        UTC,
        (),
    )

    assert "until 2026-11-26 12:00; it broke off:" in found
    assert "hel" in found


def test_of_each_that_is_not_there_it_says_why() -> None:
    found = as_text(call(status=200), [text(body=None, size=5, why_not=TOO_LARGE)], NOON_US, UTC, ())

    assert "what went to the provider: not kept: 5 bytes of it came" in found
    assert "what the client got: none is kept: record[0] is not for it" in found


def test_no_control_character_reaches_a_terminal() -> None:
    body = orjson.dumps({"messages": [{"role": "user", "content": "a\x1b[2J\tb\rc"}]})

    found = as_text(call(), [text(body=body), text(part="response", body=b"x\x1b]0;y\x07")], NOON_US, UTC, ())

    assert all(char.isprintable() or char == "\n" for char in found)
    assert lines_of("n\N{NO-BREAK SPACE}b \N{FAMILY}\N{ZERO WIDTH JOINER}") == [
        "n\N{NO-BREAK SPACE}b \N{FAMILY}\N{ZERO WIDTH JOINER}"
    ]
    assert lines_of("a\tb\n\nc\x1b") == ["a   b", "", "c\N{REPLACEMENT CHARACTER}"]


def test_as_json_each_text_is_as_it_is_kept() -> None:
    texts = [text("full", body=ASKED)]

    found = as_json(FULL, texts, UTC, ())

    assert (found["call"]["id"], found["call"]["user"]) == ("full", "ann@example.com")
    assert found["request"] == {
        "rule": "record[0]",
        "until": "2026-11-26T12:00:00+00:00",
        "dialect": "openai_chat",
        "media_type": "application/json",
        "size": len(ASKED),
        "whole": True,
        "text": ASKED.decode(),
    }
    assert set(found["response"]) == {"why_not"}


def test_as_json_of_a_text_that_is_not_there_the_rest_is_known() -> None:
    found = as_json(call(), [text(body=None, size=5, why_not=TOO_LARGE)], UTC, ())

    assert (found["request"]["size"], "text" in found["request"]) == (5, False)
    assert found["request"]["why_not"].startswith("not kept: 5 bytes")


def test_a_call_whose_process_died_is_not_in_flight_any_more() -> None:
    """Nor does an answer come."""
    of, texts = call(state="open"), [text(body=ASKED)]

    flying, died = (as_text(of, texts, NOON_US + 9_000, UTC, orphaned) for orphaned in ((), {"a"}))
    found = [as_json(of, texts, UTC, orphaned) for orphaned in ((), {"a"})]

    assert "in flight  for 9ms\n" in flying
    assert "what the client got: none yet: the call is in flight" in flying
    assert "in flight" not in died
    assert "took  nobody knows: its process died\n" in died
    assert "what the client got: none: the call's process died" in died
    assert [(one["call"]["state"], one["call"]["in_flight"]) for one in found] == [
        ("open", True), ("open", False),
    ]  # fmt: skip
