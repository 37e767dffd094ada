"""A recorded exchange is known as the proxy would have known it."""

from typing import Any

import orjson
import pytest
import zstandard
from msgspec.structs import replace

from tests.tollway.recorded.samples import ANSWER, ASKED, TIME_US, URL, chat_chunks
from tollway.model import Billing, Endpoint
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.recorded.exchange import Recorded
from tollway.recorded.replay import billing, replay

REGISTRY = load(open_regions=True)
ENTRY = Recorded(
    method="POST",
    url=URL,
    started_us=TIME_US,
    request_headers={"content-type": "application/json"},
    request_body=orjson.dumps(ASKED),
    request_bytes=7,
    status=200,
    response_headers={"content-type": "application/json"},
    response_body=orjson.dumps(ANSWER),
    response_bytes=9,
    left=True,
)
STREAMED = {**ASKED, "stream": True}


def endpoint(host: str = "api.openai.com", path: str = "/v1/chat/completions") -> Endpoint:
    found = recognise(REGISTRY, host, 443, "POST", path)
    assert found is not None
    return found


def entry(**changes: Any) -> Recorded:
    return replace(ENTRY, **changes)


def test_request_and_answer_are_read() -> None:
    known = replay("3", ENTRY, endpoint(), TIME_US)

    assert (known.id, known.started_us, known.host) == ("3", TIME_US, "api.openai.com")
    assert known.asked is not None
    assert (known.asked.model, known.error) == ("gpt-4o", None)
    assert (known.request_bytes, known.response_bytes) == (7, 9)
    assert known.reader is not None
    report = known.reader.report()
    assert report.usage is not None
    assert (report.usage.input_tokens, report.complete) == (1000, True)


def test_codings_are_undone() -> None:
    """Codex sends zstd."""
    asked = zstandard.compress(orjson.dumps(STREAMED))
    answer = zstandard.compress(chat_chunks(["a"]).encode())
    coded = {"content-encoding": "zstd"}
    known = replay(
        "0",
        entry(
            request_body=asked,
            response_body=answer,
            request_headers=coded,
            response_headers={**coded, "content-type": "text/event-stream"},
        ),
        endpoint(),
        TIME_US,
    )

    assert known.asked is not None
    assert known.asked.stream
    assert known.reader is not None
    assert known.reader.report().usage is not None
    assert known.body == orjson.dumps(STREAMED)


@pytest.mark.parametrize(
    ("body", "error"), [(b"no JSON", "unreadable"), (b"\xff", "unreadable"), (b"", None), (None, None)]
)
def test_a_body_that_is_not_what_its_dialect_says_is_unreadable(
    body: bytes | None, error: str | None
) -> None:
    known = replay("0", entry(request_body=body), endpoint(), TIME_US)

    assert (known.asked, known.error) == (None, error)


def test_a_coding_that_nobody_knows_leaves_the_answer_unread() -> None:
    known = replay("0", entry(response_headers={"content-encoding": "unheard-of"}), endpoint(), TIME_US)

    assert known.reader is not None
    assert known.reader.report().usage is None


@pytest.mark.parametrize(
    ("asked", "size", "path", "is_read"),
    [
        (ASKED, 400, "/v1/chat/completions", True),
        (ASKED, 0, "/v1/chat/completions", False),
        (STREAMED, 400, "/v1/chat/completions", False),
    ],
)
def test_of_an_answer_that_was_not_recorded_json_s_size_tells_something(
    asked: dict[str, Any], size: int, path: str, is_read: bool
) -> None:
    """A stream's does not: most of its bytes are not the model's."""
    known = replay(
        "0",
        entry(request_body=orjson.dumps(asked), response_body=None, response_bytes=size),
        endpoint(path=path),
        TIME_US,
    )

    assert (known.reader is not None) == is_read


CODE = "claude-code-20250219,oauth-2025-04-20"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"authorization": "Bearer sk-ant-oat01-x"}, Billing.NOTIONAL),
        ({"authorization": "Bearer REDACTED", "anthropic-beta": CODE}, Billing.NOTIONAL),
        ({"anthropic-beta": CODE}, Billing.NOTIONAL),
        ({"anthropic-beta": CODE, "x-api-key": "k"}, Billing.METERED),
        ({"authorization": "Bearer REDACTED"}, Billing.METERED),
        ({}, Billing.METERED),
    ],
)
def test_a_plan_is_known_without_the_token_that_browsers_leave_out(
    headers: dict[str, str], expected: Billing
) -> None:
    assert billing(endpoint("api.anthropic.com", "/v1/messages"), headers) is expected


def test_a_plans_own_host_is_enough() -> None:
    assert billing(endpoint("chatgpt.com", "/backend-api/codex/responses"), {}) is Billing.NOTIONAL
