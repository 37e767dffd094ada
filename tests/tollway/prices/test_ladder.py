from decimal import Decimal

from tollway.prices.ladder import FREE, dearer, dearest, defaulted, filled, moved, replaced, scaled
from tollway.prices.rates import ALWAYS, ZERO, schedule

LADDER = (
    (ALWAYS, {"input": Decimal(3), "output": Decimal(15), "web_search": Decimal(10)}),
    (200_000, {"input": Decimal(6), "output": Decimal(22), "web_search": Decimal(10)}),
)


def test_scaled_multiplies_prices_of_tokens_and_leaves_fees() -> None:
    assert scaled(LADDER, Decimal("1.1")) == (
        (ALWAYS, {"input": Decimal("3.3"), "output": Decimal("16.5"), "web_search": Decimal(10)}),
        (200_000, {"input": Decimal("6.6"), "output": Decimal("24.2"), "web_search": Decimal(10)}),
    )


def test_scaled_multiplies_only_the_parts_that_are_named() -> None:
    assert scaled(LADDER, Decimal(2), ["web_search"])[0][1] == {
        "input": Decimal(3),
        "output": Decimal(15),
        "web_search": Decimal(20),
    }


def test_filled_sets_what_is_missing_and_nothing_else() -> None:
    once = filled(LADDER, "cache_write_1h", "input", Decimal(2))
    twice = filled(once, "cache_write_1h", "output", Decimal(9))

    assert [prices["cache_write_1h"] for _, prices in once] == [6, 12]
    assert twice == once
    assert filled(LADDER, "cache_write_12h", "cache_write", Decimal(2)) == LADDER


def test_defaulted_yields_to_prices_and_replaced_does_not() -> None:
    given = {"input": Decimal(1), "request": Decimal(5)}

    assert [prices["input"] for _, prices in defaulted(LADDER, given)] == [3, 6]
    assert [prices["input"] for _, prices in replaced(LADDER, given)] == [1, 1]
    assert all(prices["request"] == 5 for _, prices in defaulted(LADDER, given) + replaced(LADDER, given))


def test_dearest_is_unit_by_unit_over_all_steps_with_gaps_closed() -> None:
    """Cache reads of the second cost what its input does, 9, which is dearer than the first's 7."""
    one = ((ALWAYS, {"input": Decimal(8), "cache_read": Decimal(7)}),)
    other = ((ALWAYS, {"input": Decimal(2)}), (100, {"input": Decimal(9), "output": Decimal(4)}))

    top = dearest([one, other])

    assert [int(top[name]) for name in ("input", "cache_read", "output")] == [9, 9, 4]
    assert "request" not in top
    assert "input_audio" not in top


def test_dearer_keeps_the_steps_of_both() -> None:
    flat = ((ALWAYS, {"input": Decimal(5), "output": Decimal(1)}),)

    both = dearer(LADDER, flat)

    assert [start for start, _ in both] == [ALWAYS, 200_000]
    assert [(int(prices["input"]), int(prices["output"])) for _, prices in both] == [(5, 15), (6, 22)]


def test_free_costs_nothing() -> None:
    rates = schedule(FREE).at(10**9)

    assert {rates.input, rates.output, rates.tool_call, rates.web_search, rates.request} == {ZERO}


def test_moved_follows_prices_that_are_known_at_both_times() -> None:
    tier = ((ALWAYS, {"input": Decimal(8), "output": Decimal(40), "request": Decimal(1)}),)
    was = ((ALWAYS, {"input": Decimal(4), "output": ZERO}),)
    now = ((ALWAYS, {"input": Decimal(5), "output": Decimal(3)}),)

    [(_, prices)] = moved(tier, was, now)

    assert {name: int(price) for name, price in prices.items()} == {"input": 10, "output": 40, "request": 1}
