"""Each entry of a file is priced, at its own date and as the proxy would have, or told why it is not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.recorded.samples import (
    ANSWER,
    ASKED,
    COST,
    NOW,
    URL,
    USAGE,
    USED,
    chat_chunks,
    entry,
    har_bytes,
    header,
)
from tollway.model import Billing, Source
from tollway.prices.book import PriceBook
from tollway.prices.overrides import Override
from tollway.providers.load import load
from tollway.recorded import pricing
from tollway.recorded.call import Call
from tollway.recorded.counting import Counting
from tollway.recorded.entries import Entries
from tollway.recorded.exchange import Damaged, Other, Recorded
from tollway.recorded.har import read
from tollway.recorded.pricing import price
from tollway.recorded.replay import replay
from tollway.recorded.total import bill

REGISTRY = load(open_regions=True)
BOOK = PriceBook()
SSE: dict[str, Any] = {"response": {"headers": [header("content-type", "text/event-stream")]}}
STREAMED = {**ASKED, "stream": True}
RESPONSES = "https://api.openai.com/v1/responses"
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "model": "gpt-4o-2024-08-06",
    "status": "completed",
    "output": [],
    "usage": {"input_tokens": 1000, "output_tokens": 200, "total_tokens": 1200},
}


def priced(*entries: dict[str, Any], book: PriceBook = BOOK) -> list[Call]:
    return price([read(json.dumps(one).encode()) for one in entries], REGISTRY, book, NOW)


def one(**changes: Any) -> Call:
    """The call of one entry."""
    (call,) = priced(entry(**changes))
    return call


def cost(call: Call) -> int | None:
    return call.record.cost.nano if call.record else None


def test_a_call_is_priced_by_what_was_reported() -> None:
    call = one()

    assert call.record is not None
    assert (cost(call), call.record.cost.source, call.reason) == (COST, Source.COMPUTED, None)
    assert call.record.usage.known() == USED
    assert (call.record.provider, call.record.model, call.status) == ("openai", "gpt-4o", 200)
    assert call.url == URL


def test_a_stream_is_read_as_one() -> None:
    call = one(asked=STREAMED, answer=chat_chunks(["Hello"]), **SSE)

    assert call.record is not None
    assert (cost(call), call.record.stream, call.record.usage.known()) == (COST, True, USED)


def test_a_stream_without_usage_is_estimated_from_its_texts() -> None:
    """9 tokens in at 2,500, 2 out at 10,000, as the proxy has it."""
    call = one(asked=STREAMED, answer=chat_chunks(["Hello", " there"], usage=None), **SSE)

    assert call.record is not None
    assert (cost(call), call.record.cost.source, call.reason) == (42_500, Source.ESTIMATED, "no_usage")
    assert call.record.cost.flags == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"url": "https://example.com/v1/chat/completions"}, "not_a_provider"),
        ({"url": "https://api.openai.com.evil.example/v1/chat/completions"}, "not_a_provider"),
        ({"url": "https://api.openai.com/v1/models", "method": "GET"}, "not_inference"),
        ({"method": "OPTIONS"}, "not_inference"),
        ({"url": "https://api.openai.com/v1/something-new"}, "unknown_call"),
        ({"url": "https://api.openai.com/v1/something-new", "status": 404}, "http_404"),
        ({"url": "https://api.openai.com/v1/something-new", "status": 0}, "not_sent"),
        ({"url": "wss://api.openai.com/v1/realtime?model=m", "method": "GET", "status": 101}, "websocket"),
        ({"method": "GET", "request": {"headers": [header("Upgrade", "WebSocket")]}}, "websocket"),
        ({"_resourceType": "websocket", "method": "GET"}, "websocket"),
        ({"_resourceType": "websocket", "url": "https://example.com/"}, "not_a_provider"),
        ({"method": "CONNECT", "url": "https://api.openai.com:443/"}, "tunnel"),
        ({"url": "data:image/png;base64,secret"}, "not_http"),
        ({"url": "no URL"}, "damaged: request.url is no URL"),
        ({"startedDateTime": 1}, "damaged: startedDateTime is a number, not text"),
    ],
)
def test_what_is_not_metered_has_a_reason_and_no_cost(changes: dict[str, Any], reason: str) -> None:
    call = one(**changes)

    assert (call.record, call.reason) == (None, reason)
    assert call.may_cost == (reason in ("unknown_call", "websocket"))
    assert call.is_damaged == reason.startswith("damaged")
    assert "secret" not in repr(call)


def test_what_is_not_http_is_told() -> None:
    (call,) = price([Other(reason="dns", url="dns://10.0.0.1:53")], REGISTRY, BOOK, NOW)

    assert (call.record, call.reason, call.url) == (None, "dns", "dns://10.0.0.1:53")


@pytest.mark.parametrize("url", [None, "no URL", "data:x", "https://u:p@a.example/x?k=v"])
def test_of_a_damaged_entry_the_url_is_shown_as_far_as_it_is_one(url: str | None) -> None:
    (call,) = price([Damaged(reason="is no JSON", url=url)], REGISTRY, BOOK, NOW)

    assert call.url == ("https://a.example/x" if url and "@" in url else None)
    assert call.reason == "damaged: is no JSON"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": 429, "answer": {"error": {"type": "rate_limit_error", "message": "x"}}}, "http_429"),
        ({"status": 302, "answer": ""}, "http_302"),
        ({"status": 0, "content": {"text": None}}, "not_sent"),
        ({"_fromCache": "memory"}, "from_cache"),
        ({"answer": {**ANSWER, "usage": {"prompt_tokens": 0, "completion_tokens": 0}}}, "nothing_used"),
    ],
)
def test_a_call_that_costs_nothing_says_why(changes: dict[str, Any], reason: str) -> None:
    call = one(**changes)

    assert call.record is not None
    assert (cost(call), call.reason) == (0, reason)
    assert not any(call.record.usage.known().values())


def test_a_zero_with_tokens_names_its_reason() -> None:
    model = {"model": "qwen/qwen3-4b:free"}
    url = "https://openrouter.ai/api/v1/chat/completions"
    free = one(url=url, asked={**ASKED, **model}, answer={**ANSWER, **model})
    agreed = PriceBook([Override.model_validate({"provider": "openai", "free": True})])
    (own,) = priced(entry(), book=agreed)

    cheap = PriceBook([Override.model_validate({"model": "gpt-4o", "input": 1e-4, "output": 1e-4})])
    (rounded,) = priced(entry(answer={**ANSWER, "usage": {"prompt_tokens": 1}}), book=cheap)
    said = one(url=url, answer={**ANSWER, "usage": {**USAGE, "cost": 0}})

    assert (cost(said), said.reason) == (0, "charged_nothing")
    assert (cost(rounded), rounded.reason) == (0, "priced_at_zero")
    for call in (free, own):
        assert call.record is not None
        assert (cost(call), call.reason, call.record.usage.known()) == (0, "free", USED)


@pytest.mark.parametrize(
    ("changes", "usage", "reason"),
    [
        (
            {"status": 0, "serverIPAddress": "10.0.0.1", "content": {"text": None}},
            {"input_tokens": 18},
            "no_answer",
        ),
        (
            {"content": {"text": None, "size": 400}},
            {"input_tokens": 9, "output_tokens": 100},
            "answer_not_recorded",
        ),
        ({"asked": STREAMED, "content": {"text": None}}, {"input_tokens": 22}, "answer_not_recorded"),
        ({"content": {"text": None, "size": None}}, {"input_tokens": 18}, "answer_not_recorded"),
        ({"answer": "no JSON"}, {"input_tokens": 9, "output_tokens": 2}, "no_usage"),
    ],
    ids=["no answer", "JSON of a known size", "a stream of a known size", "no size", "no JSON"],
)
def test_an_estimate_says_why_it_is_one(changes: dict[str, Any], usage: dict[str, int], reason: str) -> None:
    """72 bytes are 18 tokens, the text in them 9. Zero would be made up where the output is not known."""
    call = one(**changes)

    assert call.record is not None
    assert call.record.cost.source is Source.ESTIMATED
    assert call.reason == reason
    assert call.record.usage.known() == usage


def test_the_date_of_the_call_prices_it() -> None:
    """An agreed price ends with its day, in UTC."""
    rows = [{"model": "gpt-4o", "until": "2026-10-31", "input": 1, "output": 1}]
    book = PriceBook([Override.model_validate(row) for row in rows])
    dates = ("2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z", "2026-11-01T00:30:00+01:00")
    calls = priced(*(entry(startedDateTime=date) for date in dates), book=book)

    assert [cost(call) for call in calls] == [1_200_000, COST, 1_200_000]


def test_a_call_without_a_date_is_priced_as_of_now_and_says_so() -> None:
    """Not thrown away: what it used is known."""
    rows = [{"model": "gpt-4o", "from": "2026-11-25", "input": 1, "output": 1}]
    book = PriceBook([Override.model_validate(row) for row in rows])
    (call,) = priced(entry(startedDateTime=None), book=book)

    assert (cost(call), call.started_us) == (1_200_000, None)
    assert call.record is not None
    assert call.record.cost.flags == ("undated",)


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://test-location-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi/chat/completions",
         "vertex"),
        ("https://bedrock-mantle.xx-new-9.api.aws/v1/chat/completions", "bedrock-mantle"),
        ("https://API.OpenAI.com./v1/chat/completions", "openai"),
    ],
)  # fmt: skip
def test_a_host_of_a_region_that_no_list_has_is_still_the_providers(url: str, provider: str) -> None:
    call = one(url=url)

    assert call.record is not None
    assert call.record.provider == provider


def test_a_provider_is_known_by_any_name_that_its_server_went_by() -> None:
    """And the URL is shown with that name."""
    named = [header("Host", "api.openai.com:443"), header("Content-Type", "application/json")]
    call = one(url="https://10.0.0.1/v1/chat/completions?key=secret", request={"headers": named})

    assert (cost(call), call.url) == (COST, URL)


def test_a_flat_plan_is_notional() -> None:
    call = one(
        url="https://chatgpt.com/backend-api/codex/responses", asked={"model": "gpt-4o"}, answer=RESPONSE
    )

    assert call.record is not None
    assert (cost(call), call.record.billing) == (COST, Billing.NOTIONAL)


def test_an_answer_is_billed_once_where_it_first_shows_its_usage() -> None:
    """Made in the background, that is later; shown again, it costs nothing, and its tokens count once."""
    queued = {**RESPONSE, "status": "queued", "usage": None}
    asked = entry(RESPONSES, {"model": "gpt-4o", "input": "hi"}, queued)
    shown = entry(f"{RESPONSES}/resp_1", "", RESPONSE, method="GET", request={"postData": None})
    (waiting,) = priced(asked)
    calls = priced(asked, shown, shown)

    assert waiting.reason == "awaited"
    assert [cost(call) for call in calls] == [0, COST, 0]
    assert [call.reason for call in calls] == ["shown_later", None, "shown_again"]
    assert [call.record.usage.known() for call in calls if call.record] == [{}, USED, USED]
    assert bill(calls).total.usage == USED


def test_an_answer_that_was_billed_when_it_was_made_is_only_shown_again() -> None:
    made = entry(RESPONSES, {"model": "gpt-4o", "input": "hi"}, RESPONSE)
    shown = entry(f"{RESPONSES}/resp_1", "", RESPONSE, method="GET", request={"postData": None})
    gone = entry(
        f"{RESPONSES}/resp_2", "", {"error": {}}, status=404, method="GET", request={"postData": None}
    )
    calls = priced(made, shown, gone)

    assert [(cost(call), call.reason) for call in calls] == [
        (COST, None),
        (0, "shown_again"),
        (0, "http_404"),
    ]


def test_what_is_estimated_of_very_many_texts_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "Counting", lambda: Counting(exact=0))
    asked = {**STREAMED, "messages": [{"role": "user", "content": "many words " * 1000}]}
    call = one(asked=asked, answer=chat_chunks(["Hello"], usage=None), **SSE)

    assert call.record is not None
    assert call.record.cost.flags == ("sampled",)


def test_a_failure_of_ours_is_told_and_the_rest_is_priced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says where; it quotes nothing."""

    def failing(id: str, recorded: Recorded, endpoint: Any, started_us: int) -> Any:
        if id == "1":
            raise ValueError("a prompt")
        return replay(id, recorded, endpoint, started_us)

    monkeypatch.setattr(pricing, "replay", failing)
    calls = priced(entry(), entry(), entry())

    assert [cost(call) for call in calls] == [COST, None, COST]
    assert [call.n for call in calls] == [0, 1, 2]
    assert (calls[1].reason, calls[1].is_damaged) == ("tollway_failed", True)
    assert "entry 1" in caplog.text
    assert "a prompt" not in caplog.text


def test_an_estimate_that_fails_counts_bytes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Counting, "counter", lambda self, model: 1 / 0)
    call = one(asked=STREAMED, answer=chat_chunks(["Hello"], usage=None), **SSE)

    assert call.record is not None
    assert call.record.usage.known() == {"input_tokens": 22, "output_tokens": 1}
    assert "entry 0" in caplog.text


@settings(max_examples=60)
@given(st.data())
def test_a_file_cut_anywhere_is_priced_as_far_as_its_entries_are_whole(data: st.DataObject) -> None:
    """Nothing raises, and what is priced is what it was."""
    entries = [
        entry(),
        entry(asked=STREAMED, answer=chat_chunks(["Hello"]), **SSE),
        entry(answer={}, status=429),
    ]
    text = har_bytes(*entries)
    size = data.draw(st.integers(0, len(text)))
    found = [read(one) for one in Entries().feed(text[:size]) if one is not None]

    calls = price(found, REGISTRY, BOOK, NOW)

    assert [cost(call) for call in calls] == [COST, COST, 0][: len(found)]
