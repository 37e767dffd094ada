"""Recorded reality: every exchange of the corpus is metered and priced as a second reading of it says."""

from collections.abc import Callable

import pytest

from tests.corpus import told
from tests.corpus.answers import objects
from tests.corpus.exchanges import ABSENT, FILE, Recorded, exchanges
from tests.corpus.second_reading import expected
from tests.corpus.settled import settled
from tests.corpus.summary import METERED
from tollway.model import Kind

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

ALL = exchanges()
INFERENCE = [exchange for exchange in ALL if expected(exchange).inference]
OTHER = [exchange for exchange in ALL if not expected(exchange).inference]
REPORTED = [exchange for exchange in INFERENCE if expected(exchange).reported]


def of(found: list[Recorded] | tuple[Recorded, ...]) -> pytest.MarkDecorator:
    """One case for each exchange, by number and host."""
    return pytest.mark.parametrize("exchange", found, ids=[f"{e.n}-{e.host}" for e in found])


def test_the_corpus_is_whole() -> None:
    """A second reading that took everything for nothing would find nothing wrong."""
    assert len(ALL) == 1029
    assert len(OTHER) == 39
    assert len(REPORTED) == 959
    assert sum(expected(e).stream for e in REPORTED) == 91


@of(INFERENCE)
def test_an_inference_is_recognised(exchange: Recorded) -> None:
    """Host and path say whose it is and what is done, its body with which model and whether as a stream."""
    hoped, found = expected(exchange), settled(exchange)

    assert found.inference, exchange
    assert found.endpoint is not None
    assert (found.endpoint.provider, found.endpoint.operation) == (hoped.provider, hoped.operation), exchange
    assert found.model_asked == hoped.model_asked, exchange
    assert found.asked.max_output_tokens == told.most_output(exchange.asked), exchange
    assert (found.asked.stream or found.endpoint.stream is True) == hoped.stream, exchange


@of(OTHER)
def test_what_is_no_inference_is_recognised_as_such(exchange: Recorded) -> None:
    """Files, conversations, counts of tokens, lists, secrets and deletions pass; what may cost is unknown."""
    hoped, found = expected(exchange), settled(exchange)

    assert found.endpoint is not None, exchange
    assert found.endpoint.provider == hoped.provider, exchange
    assert found.endpoint.kind is (Kind.UNKNOWN if hoped.may_cost else Kind.PASS), exchange


@of(INFERENCE)
def test_usage_is_metered_exactly(exchange: Recorded, record_property: Callable[[str, object], None]) -> None:
    """Field by field of DESIGN section 5: a field too many is as wrong as one that is missing."""
    hoped = expected(exchange)

    assert settled(exchange).usage == hoped.usage, exchange
    record_property(METERED, exchange.n)


@of(INFERENCE)
def test_any_cutting_is_read_the_same(exchange: Recorded) -> None:
    """Where the network cuts an answer changes nothing that is known of it."""
    whole, *cut = settled(exchange).reports

    assert cut == [whole] * len(cut), exchange


@of(INFERENCE)
def test_what_else_an_answer_tells_is_read(exchange: Recorded) -> None:
    """Who served, what the provider says it billed, that the answer is whole, and that it failed if it did.

    Bedrock's answers name no model, or one by a name that is not Bedrock's.
    """
    report, things = settled(exchange).reports[0], objects(exchange.answer)

    if expected(exchange).provider != "bedrock":
        assert report.model == told.served(things), exchange
        assert report.id == told.named(things), exchange
    assert report.cost_nano == told.billed_nano(things), exchange
    assert report.complete or exchange.status >= 400, exchange
    assert (report.error is not None) == (exchange.status >= 400 or told.failed(things)), exchange


@of(INFERENCE)
def test_what_a_model_wrote_is_kept_for_an_estimate(exchange: Recorded) -> None:
    """Should the usage not have come, the texts that did are counted."""
    found = settled(exchange)

    for text in told.texts(objects(exchange.answer)) if exchange.status < 400 else ():
        assert text in found.delivered.decode(), exchange


@of(INFERENCE)
def test_a_request_has_texts_for_an_estimate(exchange: Recorded) -> None:
    """What was asked can be counted where the provider does not say.

    Nothing to count has a GET, a body that was not recorded or is broken, and an input that is an earlier
    response alone.
    """
    asks_nothing = not exchange.asked or exchange.asked.get("input") == []

    assert settled(exchange).texts or asks_nothing, exchange


@of(REPORTED)
def test_what_was_used_is_priced_or_says_why_not(exchange: Recorded) -> None:
    """A cost of zero with tokens has a reason in its flags, and nothing costs less than nothing."""
    found = settled(exchange)
    parts = (
        found.cost.input_nano,
        found.cost.cache_read_nano,
        found.cost.cache_write_nano,
        found.cost.output_nano,
        found.cost.other_nano,
    )

    assert min(parts) >= 0, exchange
    assert found.cost.nano or found.cost.flags or not any(found.usage.values()), exchange
    assert found.cost.price_version or found.cost.flags, exchange


@of(REPORTED)
def test_the_second_reading_agrees_with_the_provider_s_totals(exchange: Recorded) -> None:
    """Input and output are the total where the provider reports one, and no part exceeds its whole."""
    usage = expected(exchange).usage
    parts_in = ("cache_read_tokens", "cache_write_tokens", "input_audio_tokens", "input_image_tokens")
    parts_out = ("reasoning_tokens", "output_audio_tokens", "output_image_tokens")

    assert all(usage.get(name, 0) <= usage["input_tokens"] for name in parts_in), exchange
    assert all(usage.get(name, 0) <= usage.get("output_tokens", 0) for name in parts_out), exchange
    if (total := provider_total(exchange)) is not None:
        assert usage["input_tokens"] + usage.get("output_tokens", 0) == total, exchange


def provider_total(exchange: Recorded) -> int | None:
    """The last total that the answer names, found as text."""
    found = None
    for thing in objects(exchange.answer):
        for holder in (thing, thing.get("response"), thing.get("x_groq"), thing.get("metadata")):
            for key in ("usage", "usageMetadata"):
                usage = (holder.get(key) if isinstance(holder, dict) else None) or {}
                totals = (usage.get(k) for k in ("total_tokens", "totalTokens", "totalTokenCount"))
                found = next((n for n in totals if n is not None), found)
    return found
