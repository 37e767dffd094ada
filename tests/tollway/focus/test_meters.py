"""The lines of a call: which unit explains which part of its cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.focus.meters import CHARGES, PARTS, STEPS, TOKENS, Line, lines
from tollway.model import USAGE_FIELDS

NOTHING = (0, 0, 0, 0, 0)


def used(**counts: int) -> tuple[int | None, ...]:
    """Counts in the order of USAGE_FIELDS."""
    return tuple(counts.get(name) for name in USAGE_FIELDS)


def test_tokens_of_each_part_have_its_unit_price() -> None:
    counts = used(
        input_tokens=1000,
        cache_read_tokens=600,
        cache_write_tokens=100,
        output_tokens=50,
        reasoning_tokens=20,
    )
    nano = (300 * 3_000, 600 * 300, 100 * 3_750, 50 * 15_000, 0)

    assert list(lines(counts, nano, nano)) == [
        Line("input", TOKENS, 300, 900_000, 900_000, 3_000 * STEPS, 3_000 * STEPS),
        Line("cache_read", TOKENS, 600, 180_000, 180_000, 300 * STEPS, 300 * STEPS),
        Line("cache_write", TOKENS, 100, 375_000, 375_000, 3_750 * STEPS, 3_750 * STEPS),
        Line("output", TOKENS, 50, 750_000, 750_000, 15_000 * STEPS, 15_000 * STEPS),
    ]


def test_tokens_that_cost_nothing_are_on_the_bill() -> None:
    assert list(lines(used(input_tokens=7), NOTHING, NOTHING)) == [Line("input", TOKENS, 7, 0, 0, 0, 0)]


def test_a_call_that_used_nothing_is_not() -> None:
    assert list(lines(used(), NOTHING, NOTHING)) == []


@pytest.mark.parametrize(
    ("counts", "nano", "line"),
    [
        ({"seconds": 60}, (6_000_000, 0, 0, 0, 0), ("seconds", "Seconds", 60)),
        ({"characters": 40}, (600_000, 0, 0, 0, 0), ("characters", "Characters", 40)),
        ({"pages": 3}, (3_000_000, 0, 0, 0, 0), ("pages", "Pages", 3)),
        ({"images": 2}, (0, 0, 0, 80_000_000, 0), ("images", "Images", 2)),
        ({"web_searches": 4}, (0, 0, 0, 0, 40_000_000), ("web_searches", "Searches", 4)),
        ({"tool_calls": 5}, (0, 0, 0, 0, 50_000_000), ("tool_calls", "Tool Calls", 5)),
        ({}, (0, 0, 0, 0, 5_000_000), ("requests", "Requests", 1)),
        ({"requests": 2}, (0, 0, 0, 0, 5_000_000), ("requests", "Requests", 2)),
        ({"input_tokens": 9, "cache_write_1h_tokens": 9}, (0, 0, 54_000, 0, 0), ("cache_write", TOKENS, 9)),
    ],
)
def test_each_unit_is_a_meter(
    counts: dict[str, int], nano: tuple[int, ...], line: tuple[str, str, int]
) -> None:
    (found,) = lines(used(**counts), nano, nano)

    assert found[:3] == line
    assert found.price == sum(nano) * STEPS // line[2]


def test_the_fees_of_merged_calls_are_as_many() -> None:
    assert list(lines(used(), (0, 0, 0, 0, 30_000), (0, 0, 0, 0, 30_000), calls=3)) == [
        Line("requests", "Requests", 3, 30_000, 30_000, 10_000 * STEPS, 10_000 * STEPS)
    ]


@pytest.mark.parametrize(
    ("counts", "nano", "meter", "unit", "quantity"),
    [
        ({"input_tokens": 10, "seconds": 3}, (70_000, 0, 0, 0, 0), "input", CHARGES, 1),
        ({}, (70_000, 0, 0, 0, 0), "input", CHARGES, 1),
        ({"input_tokens": 7}, (100, 0, 0, 0, 0), "input", TOKENS, 7),
    ],
    ids=["several units", "no unit", "a price that does not come out even"],
)
def test_what_no_unit_price_explains_is_one_charge(
    counts: dict[str, int], nano: tuple[int, ...], meter: str, unit: str, quantity: int
) -> None:
    assert list(lines(used(**counts), nano, nano)) == [
        Line(meter, unit, quantity, nano[0], nano[0], None, None)
    ]


def test_a_list_price_that_does_not_come_out_even_makes_one_charge_of_both() -> None:
    assert list(lines(used(output_tokens=7), (0, 0, 0, 70, 0), (0, 0, 0, 100, 0))) == [
        Line("output", TOKENS, 7, 70, 100, None, None)
    ]


counts = st.fixed_dictionaries(dict.fromkeys(USAGE_FIELDS, st.none() | st.integers(0, 10**12)))
amounts = st.tuples(*(st.integers(0, 10**15) for _ in PARTS))


@given(counts, amounts, amounts)
def test_lines_add_up_to_the_cost_and_unit_prices_to_their_lines(
    counts: dict[str, int | None], nano: tuple[int, ...], listed: tuple[int, ...]
) -> None:
    found = list(lines(tuple(counts.values()), nano, listed))

    assert sum(line.nano for line in found) == sum(nano)
    assert sum(line.list_nano for line in found) == sum(listed)
    for line in found:
        assert line.quantity > 0
        assert (line.price is None) == (line.list_price is None)
        if line.price is not None and line.list_price is not None:
            assert line.price * line.quantity == line.nano * STEPS
            assert line.list_price * line.quantity == line.list_nano * STEPS
