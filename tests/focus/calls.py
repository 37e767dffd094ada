"""Made-up calls that have every kind of charge, for two months."""

from collections.abc import Iterator
from typing import Any

from tests.tollway.ledger.samples import call
from tests.tollway.prices.calls import call as asked
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.prices.book import PriceBook
from tollway.prices.overrides import Override

NOON_US = 1_795_608_000_000_000
"""2026-11-25 12:00 UTC."""
DAY_US = 86_400_000_000

LIST = PriceBook()
CONTRACT = PriceBook([Override.model_validate({"provider": "anthropic", "discount": "12%"})])

_USED: tuple[tuple[str, str, dict[str, int]], ...] = (
    ("openai", "gpt-5", {"input_tokens": 12_345, "cache_read_tokens": 10_000, "output_tokens": 678}),
    ("anthropic", "claude-sonnet-4-5", {
        "input_tokens": 54_321, "cache_read_tokens": 40_000, "cache_write_tokens": 3_000,
        "cache_write_1h_tokens": 1_000, "output_tokens": 999, "web_searches": 3,
    }),
    ("anthropic", "claude-haiku-4-5", {"input_tokens": 7, "output_tokens": 1}),
    ("gemini", "gemini-2.5-flash", {"input_tokens": 801, "input_audio_tokens": 300, "output_tokens": 77}),
    ("deepseek", "deepseek-chat", {"input_tokens": 3_001, "cache_read_tokens": 2_999, "output_tokens": 13}),
    ("openai", "whisper-1", {"seconds": 61}),
    ("openai", "gpt-image-1", {"input_tokens": 50, "output_tokens": 4_160, "output_image_tokens": 4_160}),
    ("mistral", "mistral-ocr-latest", {"pages": 12}),
    ("our-gpus", "llama", {"input_tokens": 100, "output_tokens": 10}),
)  # fmt: skip
_WHO: tuple[dict[str, Any], ...] = (
    {"user": "ann@example.com", "team": "search", "tags": {"project": "apollo"}},
    {"user": "=cmd()|' /C calc'!A0", "team": 'Zürich,b\n"c"'},
    {"service": "ci", "account": "org-made-up"},
    {},
)


def calls() -> Iterator[CallRecord]:
    """All of them: metered by list and by contract, under a flat plan, estimated, billed by the provider."""
    for number, (provider, model, usage) in enumerate(_USED):
        for day, who in enumerate(_WHO):
            priced = asked(provider, model, **usage)
            book = CONTRACT if day % 2 else LIST
            yield call(
                f"{number}-{day}", started_us=NOON_US - 9 * DAY_US * day, provider=provider, model=model,
                host=priced.host, operation=priced.operation, model_asked=model, usage=Usage(**usage),
                cost=book.price(priced), **who,
            )  # fmt: skip
    yield call("plan", billing=Billing.NOTIONAL, user="bob")
    yield call("flying", state="open", cost=Cost(input_nano=12_345, source=Source.ESTIMATED), usage=Usage())
    yield call("told", provider="openrouter", cost=Cost(other_nano=123_456_789, source=Source.PROVIDER))
    yield call("free", cost=Cost(source=Source.NONE))
    yield call("refused", error="over_limit", usage=Usage(), cost=Cost(source=Source.NONE))
