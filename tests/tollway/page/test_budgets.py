"""Budgets as a table."""

import re

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN
from tests.tollway.reporting.budget_samples import ROWS, row
from tollway.money import NANO
from tollway.page.budgets import NONE, budgets_table
from tollway.reporting.budgets import standing


def cells(html: str) -> list[list[str]]:
    """The texts of the rows of a table's body."""
    rows = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    return [
        [re.sub(r"<svg.*?</svg>|<[^>]*>", "", each) for each in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_a_budget_has_all_its_figures_in_full() -> None:
    found = budgets_table([standing(each, NOON_US) for each in ROWS], "x", NOON_US, BERLIN).text

    assert cells(found) == [
        ["day", "40%", "$6", "$10", "$3", "$1", "$0.25", "–", "2026-11-26 01:00"],
        [
            "team-day, team=ml, user=-",
            *("90%", "$1", "$10", "$8", "$1", "$0.666666666", "3h00m", "2026-11-26 01:00"),
        ],
        [
            "tokens, user=ann�[31m (soft)",
            *("6%", "1,876,544 tokens", "2,000,000 tokens", "123,456 tokens", "–", "10,288 tokens", "–"),
            "rolling",
        ],
        ["calls (shadow)", "0%", "500 calls", "500 calls", "0 calls", "–", "–", "–", "2026-11-26 01:00"],
    ]


def test_a_bar_says_how_much_is_used() -> None:
    found = budgets_table([standing(ROWS[0], NOON_US)], "x", NOON_US, BERLIN).text

    assert 'role="img" aria-label="40% used"' in found


def test_what_is_spent_does_not_last() -> None:
    spent = standing(row(settled=12 * NANO), NOON_US)

    (shown,) = cells(budgets_table([spent], "x", NOON_US, BERLIN).text)

    assert ("-$3" in shown, "spent" in shown) == (True, True)


def test_of_nothing_all_is_used() -> None:
    found = budgets_table([standing(row(amount=0, settled=0, held=0), NOON_US)], "x", NOON_US, BERLIN).text

    assert cells(found)[0][:4] == ["day", "100%", "$0", "$0"]


def test_no_budgets_are_a_sentence() -> None:
    assert NONE in budgets_table([], "x", NOON_US, BERLIN).text
