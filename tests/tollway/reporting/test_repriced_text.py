"""The bill at other prices, as text and as CSV."""

from zoneinfo import ZoneInfo

from tollway.reporting.reprice import Comparison, Repriced
from tollway.reporting.repriced_text import as_csv, as_text

DEARER = Repriced(calls=2, kept=1, cost_nano=2_000_000_000, repriced_nano=2_500_000_000)
CHEAPER = Repriced(calls=1, cost_nano=1_000_000_000, repriced_nano=250_000_000)
TOTAL = Repriced(calls=3, kept=1, cost_nano=3_000_000_000, repriced_nano=2_750_000_000)


def of(total: Repriced, *rows: tuple[str, Repriced], by: tuple[str, ...] = ("model",)) -> Comparison:
    """A bill, twice."""
    return Comparison(by, tuple(((name,), sums) for name, sums in rows), total, "list 1", ZoneInfo("UTC"))


def test_old_new_and_difference_a_row_a_line() -> None:
    """Minus where it is cheaper; 0.25 of 3 are 8.3 percent."""
    text = as_text(of(TOTAL, ("gpt-5", DEARER), ("o3", CHEAPER)))

    assert text.splitlines() == [
        "model  calls  cost_usd  repriced_usd  difference_usd",
        "gpt-5      2      2.00          2.50            0.50",
        "o3         1      1.00          0.25           -0.75",
        "total      3      3.00          2.75           -0.25",
        "prices: list 1",
        "difference: -8.3 %",
        "calls kept as charged: 1 (billed by the provider, without usage, of several models, or merged)",
    ]


def test_what_a_flat_plan_covers_has_columns_if_there_is_any() -> None:
    plan = Repriced(calls=1, notional_nano=1_000_000_000, repriced_notional_nano=2_000_000_000)

    lines = as_text(of(plan, ("gpt-5", plan))).splitlines()

    assert lines[0].split()[-2:] == ["notional_usd", "repriced_notional_usd"]
    assert lines[1].split()[-2:] == ["1.00", "2.00"]
    assert lines[3:] == ["prices: list 1"]


def test_without_groups_there_is_the_total_alone() -> None:
    text = as_text(of(TOTAL, by=()))

    assert text.splitlines()[:2] == [
        "calls  cost_usd  repriced_usd  difference_usd",
        "    3      3.00          2.75           -0.25",
    ]


def test_a_dearer_total_is_a_plus() -> None:
    assert "difference: +25.0 %" in as_text(of(DEARER, ("gpt-5", DEARER)))


def test_csv_has_every_sum_and_no_formula() -> None:
    """Names that clients chose are text to a spreadsheet."""
    assert as_csv(of(TOTAL, ("=1+1", CHEAPER))) == (
        "model,calls,kept,cost_usd,repriced_usd,difference_usd,notional_usd,repriced_notional_usd\n"
        "'=1+1,1,0,1,0.25,-0.75,0,0\n"
    )
