"""Budgets as plain text."""

from tests.tollway.reporting.budget_samples import LIVE, budgets
from tollway.reporting.budgets_text import as_text, notes


def test_a_bucket_a_line_words_in_columns() -> None:
    """Figures in full, times to the minute, no cell empty, and no control character."""
    head, *lines = [line.split() for line in as_text(budgets(holds=(), flat=())).splitlines()]

    names = "limit bucket until enforce unit amount settled held left per_hour exhausted_at"
    assert head == names.split()
    assert lines == [
        "team-day team=ml,user=- 2026-11-26T01:00 hard USD 10 8 1 1 0.666666666 2026-11-25T16:00".split(),
        "day - 2026-11-26T01:00 hard USD 10 3 1 6 0.25 -".split(),
        "tokens user=ann\N{REPLACEMENT CHARACTER}[31m - soft tokens 2000000 123456 0 1876544 10288 -".split(),
        "calls - 2026-11-26T01:00 shadow requests 500 0 0 500 0 -".split(),
    ]


def test_what_needs_a_word_stands_below() -> None:
    """Holds of processes that died, with what to do; limits that count nothing."""
    assert as_text(budgets()).splitlines()[-4:] == [
        "",
        "company met only calls under a flat plan, which cost no money: `notional: true` counts them at list"
        " price",
        "claude-sonnet-4-5 of a process that died: charged at 1 USD, its bound; if it cost nothing, tollway"
        " budgets --release c-lost",
        "claude-sonnet-4-5 of a process that died: holds an unknown amount, its bound; if it cost nothing,"
        " tollway budgets --release c-dead",
    ]


def test_a_call_in_flight_needs_no_word() -> None:
    """It settles by itself."""
    assert notes(budgets(holds=(LIVE,), flat=())) == []
