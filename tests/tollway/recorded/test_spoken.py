"""A recorded WebSocket's calls are known as the proxy would have known them."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.recorded.samples import NOW, TIME_US
from tests.tollway.recorded.socket_samples import REALTIME, RESPONSES, call, opened, received, sent
from tollway.model import Billing
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.recorded.address import address
from tollway.recorded.exchange import Recorded
from tollway.recorded.har import read
from tollway.recorded.spoken import Spoken, spoken

REGISTRY = load()


def told(made: dict[str, Any], now: int = NOW) -> Spoken | None:
    entry = read(json.dumps(made).encode())
    assert isinstance(entry, Recorded), entry
    found = address(entry.url)
    assert found is not None
    endpoint = recognise(REGISTRY, found.host, 443, "GET", found.path, upgrade=True)
    assert endpoint is not None
    return spoken(7, entry, endpoint, found.query, now)


def calls(*messages: dict[str, Any], **more: Any) -> Spoken:
    found = told(opened(*messages, **more))
    assert found is not None
    return found


def test_a_call_has_the_message_that_asks_for_it_and_what_its_end_reported() -> None:
    (one,) = calls(*call("resp_1")).calls

    known = one.known
    assert (known.id, known.started_us, known.first_byte_us) == (
        "7.0",
        TIME_US + 1_000_000,
        TIME_US + 2_000_000,
    )
    assert (one.status, one.cut, known.left, known.error) == (101, False, True, None)
    assert (known.endpoint.operation, known.asked and known.asked.model) == ("chat", "gpt-4o")
    assert json.loads(known.body or b"")["input"] == "Hello there"
    assert known.dialect is not None
    assert known.reader is not None
    known.reader.feed(b"more")
    usage = known.reader.report().usage
    assert usage is not None
    assert (usage.input_tokens, known.reader.delivered()) == (1000, b"")


def test_calls_are_in_the_order_in_which_they_began() -> None:
    first, second = call("a", stream_id="1"), call("b", stream_id="2")

    found = calls(first[0], second[0], second[1], first[1], second[3], first[3])

    assert [one.known.id for one in found.calls] == ["7.0", "7.1"]
    reports = [one.known.reader.report() for one in found.calls if one.known.reader is not None]
    assert len({report.id for report in reports}) == 2


def test_a_call_that_was_under_way_is_cut() -> None:
    (one,) = calls(*call("resp_1")[:3]).calls

    assert (one.status, one.cut) == (101, True)
    assert one.known.reader is not None
    assert one.known.reader.delivered() == b"General"


def test_a_call_without_an_answer_has_no_status() -> None:
    (one,) = calls(*call("resp_1")[:1]).calls

    assert (one.status, one.cut, one.known.left) == (None, True, True)


def test_a_call_that_was_refused_never_left() -> None:
    error = received(type="error", status=429, error={"type": "requests", "message": "No."})
    (one,) = calls(call("resp_1")[0], error).calls

    assert (one.status, one.cut, one.known.left, one.known.error) == (101, False, False, "requests")


def test_what_is_no_body_has_no_dialect() -> None:
    """A voice's call has no text of its own."""
    done = received(type="response.done", response={"id": "r", "status": "completed"})
    (one,) = calls(received(type="response.created", response={"id": "r"}), done, url=REALTIME).calls

    assert (one.known.body, one.known.dialect, one.known.endpoint.operation) == (b"", None, "realtime")
    assert one.known.asked is not None
    assert one.known.asked.model == "gpt-realtime"


def test_a_plan_covers_its_calls() -> None:
    codex = "wss://chatgpt.com/backend-api/codex/responses"
    (one,) = calls(*call("resp_1"), url=codex).calls

    assert one.known.billing is Billing.NOTIONAL
    assert calls(*call("resp_1")).calls[0].known.billing is Billing.METERED


def test_an_undated_call_is_of_now() -> None:
    made = opened(*[{**message, "time": None} for message in call("resp_1")], startedDateTime=None)
    found = told(made)

    assert found is not None
    assert found.calls[0].known.started_us == NOW


def test_what_was_not_recorded_or_nobody_reads_is_none() -> None:
    made = opened()
    del made["_webSocketMessages"]

    assert told(made) is None
    assert told(opened(url="wss://api.openai.com/v1/something-new")) is None


def test_messages_that_nobody_reads_are_counted() -> None:
    """In the file, and by what is spoken on the socket."""
    assert calls(sent(type="what.is.this"), {"type": "send"}, *call("resp_1")).unread == 2
    assert calls(*call("resp_1")).unread == 0


@given(st.lists(st.sampled_from(call("a") + call("b", "gpt-5", None) + [sent(type="x")]), max_size=12))
@settings(max_examples=50, deadline=None)
def test_every_call_that_began_has_an_end(messages: list[dict[str, Any]]) -> None:
    found = calls(*messages, url=RESPONSES)

    ids = [one.known.id for one in found.calls]
    assert ids == [f"7.{number}" for number in range(len(ids))]
    assert len(ids) >= sum('response.create"' in message["data"] for message in messages)
