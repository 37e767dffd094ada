"""Anthropic's usage is counted as it is billed, each model's share apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import USAGE_FIELDS, Portion, Usage
from tollway.wire.anthropic_usage import billed, usage_of


def entry(kind: str, came: int, went: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "input_tokens": came, "output_tokens": went, **more}


def test_input_is_all_input() -> None:
    found = usage_of({
        "input_tokens": 10,
        "cache_creation_input_tokens": 200,
        "cache_read_input_tokens": 3000,
        "cache_creation": {"ephemeral_5m_input_tokens": 150, "ephemeral_1h_input_tokens": 50},
        "output_tokens": 7,
        "output_tokens_details": {"thinking_tokens": 4},
        "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 5},
    })  # fmt: skip

    assert found == Usage(
        input_tokens=3210,
        cache_read_tokens=3000,
        cache_write_tokens=200,
        cache_write_1h_tokens=50,
        output_tokens=7,
        reasoning_tokens=4,
        web_searches=2,
    )


def test_zeros_are_kept_and_what_is_absent_stays_unknown() -> None:
    found = usage_of({"input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": None})

    assert found == Usage(input_tokens=0, cache_read_tokens=0)


def test_without_what_was_not_cached_the_whole_is_not_known() -> None:
    """What went through caches is a part of it: there is no telling how large a part."""
    found = usage_of({"input_tokens": -1, "cache_read_input_tokens": 3000, "output_tokens": 7})

    assert found == Usage(cache_read_tokens=3000, output_tokens=7)


@pytest.mark.parametrize("value", [-1, True, "5", 1e13, 1.5, None, [], {}])
def test_what_is_no_count_is_absent(value: object) -> None:
    assert usage_of({"input_tokens": value, "output_tokens": 5.0}) == Usage(output_tokens=5)
    assert usage_of({"input_tokens": value, "cache_creation": value, "server_tool_use": value}) is None


@pytest.mark.parametrize(
    ("written", "minutes", "hour", "expected"),
    [
        (None, 3, 4, (7, 4)),
        (10, 0, 4, (10, 10)),  # all of the first writes lived an hour, so the later ones do
        (10, 3, 4, (10, 4)),
        (2, 3, 4, (2, 2)),
        (10, 0, 0, (10, 0)),
        (10, None, None, (10, None)),
        (None, None, 4, (4, 4)),
    ],
)
def test_writes_for_an_hour_are_part_of_the_writes(
    written: int | None, minutes: int | None, hour: int | None, expected: tuple[int, int | None]
) -> None:
    split = {"ephemeral_5m_input_tokens": minutes, "ephemeral_1h_input_tokens": hour}

    found = usage_of({"cache_creation_input_tokens": written, "cache_creation": split})

    assert found is not None
    assert (found.cache_write_tokens, found.cache_write_1h_tokens) == expected


def test_iterations_of_the_one_model_are_the_whole_and_no_portions() -> None:
    usage = entry("", 30, 3, iterations=[entry("message", 10, 1), entry("message", 20, 2)])

    assert billed(usage, "m") == (Usage(input_tokens=30, output_tokens=3), ())


def test_a_compaction_is_billed_beside_the_whole() -> None:
    """The example of Anthropic's documentation: the whole is 23,000 / 1,000."""
    iterations = [entry("compaction", 180_000, 3_500), entry("message", 23_000, 1_000)]

    found, portions = billed(entry("", 23_000, 1_000, iterations=iterations), "m")

    assert found == Usage(input_tokens=203_000, output_tokens=4_500)
    assert portions == ()


def test_an_adviser_is_billed_at_its_own_model_beside_the_whole() -> None:
    """As recorded: the whole is the sum of the messages alone."""
    usage = entry(
        "", 2417, 133,
        output_tokens_details={"thinking_tokens": 55},
        server_tool_use={"web_search_requests": 1},
        iterations=[
            entry("message", 1128, 121),
            entry("advisor_message", 2529, 38, model="big"),
            entry("message", 1289, 12),
        ],
    )  # fmt: skip

    found, portions = billed(usage, "small")

    own = Usage(input_tokens=2417, output_tokens=133, reasoning_tokens=55, web_searches=1)
    adviser = Usage(input_tokens=2529, output_tokens=38)
    assert portions == (Portion(model="small", usage=own), Portion(model="big", usage=adviser))
    assert found == Usage(input_tokens=4946, output_tokens=171, reasoning_tokens=55, web_searches=1)


def test_a_fallbacks_hops_are_each_billed_at_their_model() -> None:
    usage = entry(
        "", 100, 50,
        iterations=[
            entry("message", 90, 2, model="first"),
            entry("fallback_message", 100, 50, model="second"),
        ],
    )  # fmt: skip

    found, portions = billed(usage, "second")

    assert {p.model: p.usage for p in portions} == {
        "first": Usage(input_tokens=90, output_tokens=2),
        "second": Usage(input_tokens=100, output_tokens=50),
    }
    assert found == Usage(input_tokens=190, output_tokens=52)


def test_an_answer_all_of_which_another_model_made_has_that_models_portion() -> None:
    usage = {"iterations": [entry("fallback_message", 5, 6, model="other")]}

    assert billed(usage, "m")[1] == (Portion(model="other", usage=Usage(input_tokens=5, output_tokens=6)),)


def test_where_the_messages_come_to_less_than_the_whole_the_larger_is_billed() -> None:
    whole = entry("", 50, 9, cache_read_input_tokens=50, iterations=[entry("message", 100, 4)])

    found, portions = billed(whole, "m")

    assert found == Usage(input_tokens=150, cache_read_tokens=50, output_tokens=9)
    assert portions == ()


@pytest.mark.parametrize("iterations", [None, {}, "x", [], [None, 5, "x", {}, {"type": "message"}]])
def test_iterations_that_say_nothing_change_nothing(iterations: object) -> None:
    assert billed({"output_tokens": 5, "iterations": iterations}, None) == (Usage(output_tokens=5), ())


@pytest.mark.parametrize("kind", [[], {}, None, 5, True])
def test_an_iteration_of_no_known_type_is_within_the_whole(kind: object) -> None:
    """Whatever stands in for its type."""
    usage = entry("", 9, 5, iterations=[{**entry("", 9, 5), "type": kind}])

    assert billed(usage, "m") == (Usage(input_tokens=9, output_tokens=5), ())


COUNTS = st.one_of(st.none(), st.integers(0, 10**6))
RAW = st.fixed_dictionaries({
    "input_tokens": COUNTS,
    "cache_creation_input_tokens": COUNTS,
    "cache_read_input_tokens": COUNTS,
    "output_tokens": COUNTS,
})  # fmt: skip
KINDS = st.sampled_from(["message", "compaction", "advisor_message", "fallback_message", "new"])


@given(RAW, st.lists(st.tuples(RAW, KINDS, st.sampled_from([None, "m", "other"])), max_size=4))
def test_no_more_is_left_out_than_iterations_say_and_portions_add_up(raw: Any, iterations: Any) -> None:
    entries = [{**r, "type": kind, "model": model} for r, kind, model in iterations]

    found, portions = billed({**raw, "iterations": entries}, "m")

    for name in USAGE_FIELDS:
        n = getattr(found, name) if found else None
        top, parts = usage_of(raw), [getattr(p.usage, name) for p in portions]
        assert (n or 0) >= ((getattr(top, name) or 0) if top else 0)
        if portions:
            assert (n or 0) == sum(part or 0 for part in parts)
    assert sum((e["output_tokens"] or 0) for e in entries) <= ((found.output_tokens or 0) if found else 0)
