"""A call's row where nothing was reported: what it is estimated at, and at which prices."""

from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from tests.tollway.charged import CLAUDE, END, START, TALK, answered, books, call, estimated, opened, parts
from tollway import charging
from tollway.charging import guess_by_size
from tollway.exchange import Exchange
from tollway.model import Cost, Kind, Source, Usage

CHUNK = {
    "id": "chatcmpl-2",
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "delta": {"content": "Hello there"}}],
}
STREAM = b"data: %s\n\n" % orjson.dumps(CHUNK)


@pytest.mark.parametrize(
    ("cut", "more", "error"), [(True, {}, "cut"), (True, {"abandoned": True}, "abandoned"), (False, {}, None)]
)
def test_a_stream_without_usage_is_estimated_from_its_texts(
    cut: bool, more: dict[str, Any], error: str | None
) -> None:
    """ "say hi" and "Hello there" are 2 tokens each; around the one text 4, and 3 a call: 2 + 4 + 3 = 9.

    9 * 2,500 + 2 * 10,000 = 42,500.
    """
    known = answered(call({**TALK, "stream": True}, **more), STREAM, "text/event-stream")
    record = estimated(known, cut)

    assert record.usage.known() == {"input_tokens": 9, "output_tokens": 2}
    assert parts(record) == [22_500, 0, 0, 20_000, 0]
    assert (record.cost.source, record.error, record.stream) == (Source.ESTIMATED, error, True)


def test_a_cut_answer_keeps_what_it_had_reported() -> None:
    """Anthropic's first event: 25 in, 1 out as a placeholder; eighty words came after it."""
    usage = {"input_tokens": 25, "output_tokens": 1}
    message = {"id": "msg_2", "model": "claude-sonnet-4-5-20250929", "usage": usage}
    start = {"type": "message_start", "message": message}
    text = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word " * 80}}
    stream = b"".join(b"data: %s\n\n" % orjson.dumps(event) for event in (start, text))
    known = call({**CLAUDE, "stream": True}, "anthropic_messages", provider="anthropic")
    record = estimated(answered(known, stream, "text/event-stream"), cut=True)

    assert record.usage.input_tokens == 25
    assert record.usage.output_tokens is not None
    assert 80 <= record.usage.output_tokens <= 120
    assert record.cost.output_nano == record.usage.output_tokens * 15_000
    assert record.cost.input_nano == 75_000


def test_json_that_broke_off_is_estimated_by_its_size() -> None:
    """401 bytes at four a token, rounded up: 101 * 10,000 for the output; 9 * 2,500 for the input."""
    record = estimated(answered(call(), b'{"id": "' + b"x" * 393), cut=True)

    assert record.usage.output_tokens == 101
    assert parts(record) == [22_500, 0, 0, 1_010_000, 0]


def test_a_request_that_is_no_json_is_estimated_by_its_bytes() -> None:
    """398 bytes at four a token, rounded up: 100 * 2,500."""
    known = answered(call({**TALK, "stream": True}), STREAM, "text/event-stream")
    known.body = b"[" * 398
    record = estimated(known, cut=True)

    assert record.usage.input_tokens == 100
    assert record.cost.input_nano == 250_000
    assert record.cost.source is Source.ESTIMATED


def test_where_texts_can_not_be_counted_bytes_are() -> None:
    """400 bytes of a request, 42 of an answer."""
    known = call()
    known.body = b"x" * 400

    assert guess_by_size(known, b"x" * 42) == Usage(input_tokens=100, output_tokens=10)


@pytest.mark.parametrize(
    ("known", "cost"),
    [
        (call(), Cost(input_nano=42_500, output_nano=1_000_000, source=Source.ESTIMATED)),
        (call(None, kind=Kind.UNKNOWN), Cost(flags=("unknown_call",))),
        (call(left=False), Cost()),
    ],
    ids=["inference", "unknown", "not left"],
)
def test_a_call_that_our_own_code_failed_on_is_charged_by_its_bytes(known: Exchange, cost: Cost) -> None:
    """66 bytes asked, 17 tokens at 2,500; 400 answered, 100 at 10,000."""
    known.response_bytes = 400
    record = books().failed(known, 200, END)

    assert replace(record.cost, price_version="") == cost
    assert (record.error, record.state, record.ended_us) == ("tollway_failed", "done", END)


def test_an_open_row_is_charged_at_its_inputs_estimate() -> None:
    """400 bytes, 100 tokens, 250,000: what stays of a call whose process dies."""
    known = call(client="10.0.0.1", program="curl", credential="00ff", tags={"env": "ci"})
    known.body = b"x" * 400
    record = books().opened(known)

    assert (record.state, record.ended_us, record.status) == ("open", None, None)
    assert (record.cost.nano, record.cost.source) == (250_000, Source.ESTIMATED)
    assert (record.client, record.program, record.credential) == ("10.0.0.1", "curl", "00ff")
    assert (record.tags, record.provider, record.host) == ({"env": "ci"}, "openai", "host")


def test_a_body_that_was_not_decoded_counts_as_it_came() -> None:
    """4,000 bytes are 1,000 tokens: 2,500,000."""
    known = call(request_bytes=4000)
    known.body = None

    assert books().opened(known).cost.nano == 2_500_000


def test_an_estimate_is_at_the_calls_own_tier() -> None:
    """gpt-5 costs 1.25 USD per million tokens of input, 0.625 in the flex tier; the order does not matter."""
    body = {"model": "gpt-5", "messages": TALK["messages"]}
    flex = {**body, "service_tier": "flex"}

    for order in ([flex, body, flex], [body, flex, body]):
        accounts = books()
        expected = [625_000 if asked is flex else 1_250_000 for asked in order]
        assert [opened(accounts, body=asked) for asked in order] == expected


def test_an_estimate_is_at_the_price_of_its_time() -> None:
    """An agreed price ends with its day; rates are not kept over it."""
    accounts = books({"model": "gpt-4o", "until": "2026-11-23", "input": 1, "output": 1})
    next_day = START + 5 * 3_600_000_000

    assert opened(accounts) == 1_000_000
    assert opened(accounts, started_us=next_day) == 2_500_000


def test_rates_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of models come from callers."""
    monkeypatch.setattr(charging, "REMEMBERED_RATES", 3)
    accounts = books()
    for n in range(20):
        opened(accounts, body={**TALK, "model": f"made-up-{n}"})

    assert len(accounts._input_rates) <= 4
    assert opened(accounts) == 2_500_000
