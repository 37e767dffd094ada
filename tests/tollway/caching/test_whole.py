"""Only whole, successful answers are kept, of calls that went where they were meant to."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.caching.kept import DAY_US, NOON_US, PLACE, answer
from tollway.caching.whole import (
    BROKEN,
    CHANGED,
    FAILED,
    NOT_OK,
    TOO_LARGE,
    Ended,
    recorded,
    worth_replaying,
)
from tollway.model import CallRecord, Cost, Report, Usage

BODY = b'{"choices":[{"finish_reason":"stop"}]}'
RECORD = CallRecord(
    id="c1", state="done", started_us=NOON_US, status=200, provider="openai", model="gpt-5",
    usage=Usage(input_tokens=7, output_tokens=2), cost=Cost(input_nano=1000, output_nano=500),
)  # fmt: skip


def ended(**other: Any) -> Ended:
    said: dict[str, Any] = {
        "record": RECORD,
        "report": Report(complete=True),
        "headers": {"content-type": "application/json", "x-request-id": "r", "set-cookie": "a=b"},
        "body": BODY,
        "whole": True,
        "changed": False,
        "dialect": "openai_chat",
    }
    return Ended(**(said | other))


def test_a_whole_answer_is_kept_with_what_it_cost() -> None:
    assert recorded(PLACE, ended(), NOON_US) == answer(BODY)


def test_it_is_kept_no_longer_than_its_caller_asked() -> None:
    found = recorded(replace(PLACE, ttl_us=5), ended(record=replace(RECORD, stream=True)), NOON_US)

    assert found == answer(BODY, until_us=NOON_US + 5, stream=True)
    assert PLACE.ttl_us == DAY_US


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"record": replace(RECORD, status=500)}, NOT_OK),
        ({"record": replace(RECORD, status=201)}, NOT_OK),
        ({"record": replace(RECORD, status=None)}, NOT_OK),
        ({"whole": False}, BROKEN),
        ({"report": Report()}, BROKEN),
        ({"changed": True}, CHANGED),
        ({"body": None}, TOO_LARGE),
        ({"body": b"x" * 1001}, TOO_LARGE),
        ({"report": Report(complete=True, error="overloaded_error")}, FAILED),
        ({"body": b'{"choices":[{"finish_reason" : "error"}]}'}, FAILED),
        ({"body": b'x{"finishReason":"MALFORMED_FUNCTION_CALL"}', "dialect": "gemini"}, FAILED),
        ({"body": b'{"stopReason":"malformed_tool_use"}', "dialect": "bedrock_converse"}, FAILED),
    ],
)
def test_nothing_is_kept_of_another(other: dict[str, Any], why: str) -> None:
    assert recorded(PLACE, ended(**other), NOON_US) == why


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        (rb'{"content":"say \"finish_reason\":\"error\""}', "openai_chat"),
        (b'{"finish_reason":"errors"}', "openai_chat"),
        (b'{"finish_reason":"length"}', "openai_chat"),
        (b'{"finish_reason":"error"}', "voyage"),
        (b'{"finish_reason":"error"}', "unheard_of"),
    ],
)
def test_a_text_that_speaks_of_failure_is_no_failure(body: bytes, dialect: str) -> None:
    assert recorded(PLACE, ended(body=body, dialect=dialect), NOON_US) == answer(body)


def test_headers_of_the_answer_itself_are_kept_and_none_of_who_asked() -> None:
    headers = {
        "x-amzn-bedrock-output-token-count": "3",
        "x-amzn-bedrock-invocation-latency": "900",
        "x-request-id": "r",
        "set-cookie": "session=1",
        "openai-organization": "org-1",
        "openai-version": "2020-10-01",
        "x-ratelimit-remaining-tokens": "9",
        "content-length": "10",
        "content-encoding": "gzip",
        "content-type": "text/event-stream",
    }

    assert worth_replaying(headers) == (
        ("content-type", "text/event-stream"),
        ("openai-version", "2020-10-01"),
        ("x-amzn-bedrock-output-token-count", "3"),
    )
    assert worth_replaying({}) == ()


def test_nothing_of_what_was_said_is_shown() -> None:
    assert "choices" not in repr(ended())
