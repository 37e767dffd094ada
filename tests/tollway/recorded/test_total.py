"""The calls of a file add up, what is paid apart from what a plan covers."""

from tests.tollway.recorded.samples import chat_chunks, entry
from tests.tollway.recorded.test_pricing import RESPONSE, SSE, STREAMED, priced
from tollway.recorded.total import as_json, bill

CALLS = priced(
    entry(),
    entry(),
    entry("https://example.com/"),
    entry("https://chatgpt.com/backend-api/codex/responses", {"model": "gpt-4o"}, RESPONSE),
    entry(asked=STREAMED, answer=chat_chunks(["Hello", " there"], usage=None), **SSE),
    entry("https://api.openai.com/v1/something-new"),
    entry(startedDateTime=1),
    entry(status=429, answer="{}"),
)


def test_the_total_counts_entries_calls_gaps_and_amounts() -> None:
    """Twice 4,500,000 and an estimate of 42,500; 4,500,000 under a plan."""
    assert as_json(CALLS) == {
        "calls": 8,
        "metered": 5,
        "unknown": 1,
        "damaged": 1,
        "cost_usd": "0.0090425",
        "notional_usd": "0.0045",
        "estimated_usd": "0.0000425",
    }


def test_of_nothing_the_total_is_nothing() -> None:
    assert as_json([]) == {
        "calls": 0, "metered": 0, "unknown": 0, "damaged": 0,
        "cost_usd": "0", "notional_usd": "0", "estimated_usd": "0",
    }  # fmt: skip


def test_the_bill_is_by_model_the_dearest_first() -> None:
    found = bill(CALLS)

    assert [(group, sums.calls, sums.cost_nano, sums.notional_nano) for group, sums in found.rows] == [
        (("openai", "gpt-4o"), 4, 9_042_500, 0),
        (("chatgpt", "gpt-4o"), 1, 0, 4_500_000),
    ]
    assert found.total.usage == {"input_tokens": 3009, "output_tokens": 602}
