"""A recorded WebSocket is priced call by call, and has one element: their sum."""

import json
from typing import Any

import pytest

from tests.tollway.recorded.samples import COST, NOW, TIME_US, entry
from tests.tollway.recorded.socket_samples import REALTIME, RESPONSES, call, opened, received, sent
from tests.tollway.recorded.test_pricing import BOOK, REGISTRY, priced
from tollway.model import Billing, Source
from tollway.recorded.call import Call, as_json
from tollway.recorded.exchange import Message, Recorded
from tollway.recorded.pricing import price
from tollway.recorded.total import as_json as total
from tollway.recorded.total import bill

NO = received(type="error", status=429, error={"type": "requests", "message": "No."})
SHOWN = "https://api.openai.com/v1/responses/resp_1"


def one(*messages: dict[str, Any], **more: Any) -> Call:
    (found,) = priced(opened(*messages, **more))
    return found


def cost(found: Call) -> int | None:
    return found.record.cost.nano if found.record else None


def test_a_socket_costs_what_its_calls_do() -> None:
    found = one(*call("a"), *call("b"), *call("c", "gpt-4o-mini"))

    assert found.record is not None
    assert [inner.record.model for inner in found.calls] == ["gpt-4o", "gpt-4o", "gpt-4o-mini"]
    assert [inner.record.cost.nano for inner in found.calls] == [COST, COST, 270_000]
    assert (cost(found), found.reason, found.status) == (2 * COST + 270_000, None, 101)
    assert found.record.usage.known()["input_tokens"] == 3000
    assert (found.record.model, found.record.provider) == ("gpt-4o", "openai")


def test_each_call_is_told_in_the_entrys_element() -> None:
    told = as_json(one(*call("a"), *call("b")))

    assert (told["n"], told["metered"], told["operation"], told["stream"]) == (0, True, "chat", True)
    assert (told["cost_usd"], told["url"]) == ("0.009", RESPONSES)
    assert [inner["time"] for inner in told["calls"]] == ["2026-11-20T10:00:01.000Z"] * 2
    assert told["calls"][0] == {
        "time": "2026-11-20T10:00:01.000Z", "operation": "chat", "model": "gpt-4o",
        "model_served": "gpt-4o", "tier": None, "reason": None, "error": None,
        "usage": {"input_tokens": 1000, "output_tokens": 200}, "cost_usd": "0.0045",
        "cost_source": "computed", "billing": "metered", "flags": [],
        "price_version": told["price_version"],
    }  # fmt: skip


def test_the_bill_tells_the_models_of_a_socket_apart() -> None:
    calls = priced(opened(*call("a"), *call("b", "gpt-4o-mini")), entry())

    assert [(row[0], row[1].calls) for row in bill(calls).rows] == [
        (("openai", "gpt-4o"), 2),
        (("openai", "gpt-4o-mini"), 1),
    ]
    assert (total(calls)["calls"], total(calls)["metered"]) == (2, 2)


def test_a_call_without_usage_is_estimated_from_its_texts() -> None:
    found = one(*call("a"), *call("b", usage=None))

    assert found.record is not None
    assert (found.record.cost.source, found.reason) == (Source.ESTIMATED, "awaited")
    estimate = found.calls[1].record
    assert 0 < (estimate.usage.input_tokens or 0) < 20
    assert estimate.usage.output_tokens == 1
    assert found.calls[0].record.cost.source is Source.COMPUTED


@pytest.mark.parametrize(
    ("messages", "reason", "error"),
    [
        (call("a")[:1], "no_answer", "cut"),
        (call("a")[:3], "awaited", "cut"),
        ([call("a")[0], NO], "refused", "requests"),
        (call("a", usage={"input_tokens": 0, "output_tokens": 0}), "nothing_used", None),
    ],
)
def test_what_a_call_without_a_report_comes_to_has_a_reason(
    messages: list[dict[str, Any]], reason: str, error: str | None
) -> None:
    found = one(*messages)

    assert found.record is not None
    assert (found.reason, found.record.error) == (reason, error)
    assert (cost(found) == 0) == (reason in ("refused", "nothing_used"))


def test_a_voice_without_usage_is_no_background_answer() -> None:
    """It can't be shown again."""
    done = received(type="response.done", response={"id": "r", "status": "completed"})
    found = one(received(type="response.created", response={"id": "r"}), done, url=REALTIME)

    assert (found.reason, [inner.record.operation for inner in found.calls]) == ("no_usage", ["realtime"])


def test_damaged_messages_cost_nothing_of_the_others() -> None:
    first, *rest = call("a")
    found = one({"type": "send"}, first, {**sent(), "data": "{"}, *rest, {**sent(), "opcode": 2, "data": "?"})

    assert found.record is not None
    assert (cost(found), found.record.cost.flags, found.is_damaged) == (COST, ("unread_messages",), False)


@pytest.mark.parametrize(
    ("messages", "more", "reason"),
    [
        ([], {}, "no_calls"),
        ([sent(type="session.update")], {}, "no_calls"),
        ([sent(type="what.is.this")], {}, "websocket"),
        ([{"type": "send"}], {}, "websocket"),
        (call("a"), {"url": "wss://api.openai.com/v1/something-new"}, "websocket"),
        (call("a"), {"url": "wss://example.com/v1/responses"}, "not_a_provider"),
    ],
)
def test_a_socket_without_calls_has_a_reason(
    messages: list[dict[str, Any]], more: dict[str, Any], reason: str
) -> None:
    found = one(*messages, **more)

    assert (found.record, found.calls, found.reason) == (None, (), reason)
    assert found.may_cost == (reason == "websocket")


@pytest.mark.parametrize(
    ("status", "reason"), [(101, "websocket"), (200, "websocket"), (426, "http_426"), (0, "not_sent")]
)
def test_of_a_socket_whose_messages_are_not_there_only_a_refusal_costs_nothing(
    status: int, reason: str
) -> None:
    (found,) = priced(entry(RESPONSES, method="GET", status=status, _resourceType="websocket"))

    assert (found.record, found.reason) == (None, reason)


def test_what_a_plan_covers_is_apart() -> None:
    found = one(*call("a"), url="wss://chatgpt.com/backend-api/codex/responses")

    assert found.record is not None
    assert found.record.billing is Billing.NOTIONAL
    assert total([found])["notional_usd"] == "0.0045"


def test_an_undated_socket_is_priced_as_of_now() -> None:
    undated = [{**message, "time": None} for message in call("a")]
    found, dated = one(*undated, startedDateTime=None), one(*call("a"), startedDateTime=None)

    assert found.record is not None
    assert dated.record is not None
    assert (found.record.cost.flags, dated.record.cost.flags) == (("undated",), ())


def test_an_answer_is_billed_once_wherever_it_is_shown_again() -> None:
    """On the socket, if that told what it used; else where it is shown."""
    answer = {
        "id": "resp_1", "object": "response", "model": "gpt-4o", "status": "completed", "output": [],
        "usage": {"input_tokens": 1000, "output_tokens": 200},
    }  # fmt: skip
    shown = entry(SHOWN, asked="", answer=answer, method="GET", request={"postData": None})

    told, again = priced(opened(*call("resp_1")), shown)
    waits, brought = priced(opened(*call("resp_0"), *call("resp_1", usage=None)), shown)

    assert (cost(told), cost(again), again.reason) == (COST, 0, "shown_again")
    assert (cost(waits), cost(brought), brought.reason) == (COST, COST, None)
    assert [inner.reason for inner in waits.calls] == [None, "shown_later"]


def test_a_flow_files_socket_is_priced_as_well() -> None:
    messages = tuple(
        Message(from_client=one["type"] == "send", content=one["data"].encode(), at_us=TIME_US)
        for one in call("a")
    )
    flow = Recorded(
        method="GET", url=RESPONSES, started_us=TIME_US, request_headers={}, request_body=b"",
        request_bytes=0, status=101, response_headers={}, response_body=b"", response_bytes=0, left=True,
        websocket=True, messages=messages,
    )  # fmt: skip
    (found,) = price([flow], REGISTRY, BOOK, NOW)

    assert cost(found) == COST


def test_nothing_that_was_said_is_told() -> None:
    found = one(*call("a"), {**sent(), "data": "secret"}, {"type": "send", "data": 1, "secret": 1})

    assert "secret" not in json.dumps(as_json(found))
    assert "Hello" not in repr(found)
