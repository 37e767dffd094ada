"""Whatever a call within a bound uses, it costs no more than the ceiling."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.prices.calls import BOOK
from tests.tollway.prices.ceilings import leaving
from tests.tollway.prices.test_invariants import priced_models
from tollway.model import USAGE_FIELDS, Report, Usage
from tollway.prices import PriceBook, Priced, reach
from tollway.prices.ceiling import Leaving
from tollway.prices.cost import MAX_COUNT
from tollway.prices.overrides import Override

WHOLES = ("input_tokens", "output_tokens", "web_searches", "tool_calls", "images", "seconds", "characters",
          "pages", "requests")  # fmt: skip
IN_PARTS = ("input_audio_tokens", "input_image_tokens", "input_video_tokens")
CACHED = ("cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "cache_write_12h_tokens")
OUT_PARTS = ("reasoning_tokens", "output_audio_tokens", "output_image_tokens")
models = st.sampled_from(
    [("anthropic", "claude-opus-4-7"), ("openai", "gpt-6.1-sol"), ("gemini", "gemini-2.5-pro")]
)
models |= st.deferred(lambda: st.sampled_from(priced_models()))
asked = st.sampled_from([None, "auto", "default", "standard_only", "priority", "fast", "flex", "scale"])
wanted = st.sampled_from([None, "", "fast", "optimized", "odd"])
hosts = st.sampled_from(["host", "us.api.openai.com", "bedrock-runtime.us-gov-west-1.amazonaws.com",
                         "europe-west1-aiplatform.googleapis.com", "api.eu.mistral.ai"])  # fmt: skip
counted: Any = dict.fromkeys(WHOLES, st.none() | st.integers(0, 400_000))
parted: Any = dict.fromkeys((*IN_PARTS, *OUT_PARTS, *CACHED), st.none() | st.integers(0, 9000))
bounds = st.builds(Usage, **counted) | st.builds(Usage, **counted, **parted)
"""Without parts, and with some."""


@st.composite
def within(draw: st.DrawFn, bound: Usage) -> Usage:
    """A usage within the bound; half of them take all that it gives, which is where ceilings are missed."""
    full = draw(st.booleans())

    def some(most: int) -> int | None:
        return most if full else draw(st.none() | st.just(most) | st.integers(0, most))

    said = {name: some(most) for name, most in bound.known().items()}
    total = said.get("input_tokens") or 0
    lasting = sum(said.get(f"cache_write_{kept}_tokens") or 0 for kept in ("1h", "12h"))
    said_write, said_read = said.get("cache_write_tokens") or 0, said.get("cache_read_tokens") or 0
    rest = max(0, total - max(lasting, said_write) - said_read)
    if "cache_write_tokens" not in said:
        more = some(draw(st.sampled_from([0, rest]))) or 0
        said["cache_write_tokens"], rest = lasting + more, rest - more
        if not lasting:
            said.setdefault(
                draw(st.sampled_from(["cache_write_1h_tokens", "cache_write_12h_tokens"])), some(more)
            )
    if "cache_read_tokens" not in said:
        said["cache_read_tokens"] = some(draw(st.sampled_from([0, rest])))
    said["cache_audio_read_tokens"] = some(said["cache_read_tokens"] or 0)
    for whole, parts in ((total, IN_PARTS), (said.get("output_tokens") or 0, OUT_PARTS)):
        for part in parts:
            said.setdefault(part, some(whole))
    return Usage(**said)


@settings(max_examples=500, deadline=None)
@given(st.data(), models, bounds, asked, wanted, hosts)
def test_no_usage_within_a_bound_costs_more_than_the_ceiling(
    data: st.DataObject, model: tuple[str, str], bound: Usage, tier: str | None, speed: str | None, host: str
) -> None:
    """Whatever tier, speed and place the provider says it was."""
    provider, name = model
    check(data, BOOK, leaving(provider, name, tier=tier, speed=speed, host=host), bound)


def served(call: Leaving) -> list[str | None]:
    """The tiers that may serve."""
    return ["batch"] if call.in_batch else [None, *reach.tiers(call.provider, call.tier)]


def check(data: st.DataObject, own: PriceBook, call: Leaving, bound: Usage) -> None:
    """The book's price of some usage within the bound, against the ceiling of the bound."""
    found = own.ceiling(call)
    if found is None:
        return
    usage = data.draw(within(bound))
    said = Report(
        usage=usage,
        model=data.draw(st.sampled_from([None, call.model])),
        tier=data.draw(st.sampled_from(served(call))),
        speed=data.draw(st.sampled_from(reach.speeds(call.provider, call.speed))),
        geo=data.draw(st.sampled_from(reach.places(call.provider))),
    )
    cost = own.price(
        Priced(
            provider=call.provider, host=call.host, operation=call.operation, model_asked=call.model,
            report=said, tier_asked=call.tier, at=call.at, notional=call.notional,
        )
    )  # fmt: skip

    assert cost.nano <= found.nano(bound)
    if cost.source == "computed" and usage.input_tokens:
        assert cost.nano <= found.reported(usage)


amounts = st.none() | st.sampled_from(["0.0015", "0.7", "12"])
PRICED = ("input", "output", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "reasoning",
          "input_audio", "cache_audio_read", "output_image", "web_searches", "request", "second")  # fmt: skip
prices = st.fixed_dictionaries(dict.fromkeys(PRICED, amounts))


@settings(max_examples=300, deadline=None)
@given(
    st.data(), prices, st.sampled_from([None, "priority", "scale"]), st.sampled_from(["own", "gpt-5.5"]),
    st.sampled_from(["7%", "-20%"]), bounds, asked, st.booleans(),
)  # fmt: skip
def test_the_same_holds_of_the_operators_prices(
    data: st.DataObject, given: dict[str, str | None], of: str | None, model: str, discount: str,
    bound: Usage, tier: str | None, notional: bool,
) -> None:  # fmt: skip
    said = {key: amount for key, amount in given.items() if amount is not None}
    rows: list[dict[str, str | None]] = [{"provider": "openai", "discount": discount}]
    if said:
        rows.append({"model": model, "tier": of, **said})
    own = PriceBook([Override.model_validate(row) for row in rows])

    check(data, own, leaving("openai", model, tier=tier, notional=notional), bound)


@settings(max_examples=300, deadline=None)
@given(st.data(), models, bounds)
def test_no_answer_of_a_batch_costs_more_than_its_own_ceiling(
    data: st.DataObject, model: tuple[str, str], bound: Usage
) -> None:
    check(data, BOOK, leaving(*model, tier="batch", in_batch=True), bound)


@settings(max_examples=300, deadline=None)
@given(models, bounds, st.integers(0, 10**11), asked)
def test_output_within_is_the_exact_inverse(
    model: tuple[str, str], bound: Usage, left: int, tier: str | None
) -> None:
    found = BOOK.ceiling(leaving(*model, tier=tier))
    assert found is not None
    rest = {name: count for name, count in bound.known().items() if name != "output_tokens"}

    most = found.output_within(left, bound)

    if most:
        assert found.nano(Usage(**rest, output_tokens=most)) <= left
    if most < MAX_COUNT:
        assert found.nano(Usage(**rest, output_tokens=most + 1)) > left


def test_every_field_of_a_usage_is_in_a_bound_of_these_tests_or_a_part_of_one() -> None:
    assert {*WHOLES, *IN_PARTS, *OUT_PARTS, *CACHED, "cache_audio_read_tokens"} == set(USAGE_FIELDS)
