"""What a backtest found as plain text."""

from tests.tollway.backtest.samples import backtested
from tests.tollway.reporting.backtests import BERLIN, found, nothing
from tollway.reporting.backtested_text import HEADING, as_text


def test_a_policy_that_changes_nothing() -> None:
    assert as_text(nothing(), "next.yaml", BERLIN).splitlines()[:15] == [
        "next.yaml: 2 calls, 2026-11-25 13:00 to 2026-11-25 13:01, Europe/Berlin",
        "",
        "all calls     recorded  this policy  that is",
        "cost $     0.000002000  0.000002000  -",
        "refused              0            0  -",
        "clamped              0            0  -",
        "waited               0            0  -",
        "rerouted             0            0  -",
        "alerts               -            0  -",
        "",
        "entry  what         refused  saved $",
        "day    1 USD a day        -     0.00",
        "",
        "Nothing would have been refused, clamped, moved or made to wait.",
        "",
    ]


def test_what_can_not_be_known_stands_at_the_end() -> None:
    text = as_text(found(), "next.yaml", BERLIN)
    sentences = text.partition(f"{HEADING}\n")[2].splitlines()

    assert sentences == [f"- {one}" for one in found().unknown]
    assert text.isprintable() or set(text) - {"\n"} == {c for c in text if c.isprintable()}


def test_where_all_is_known_nothing_is_said_of_it() -> None:
    from tests.tollway.backtest.samples import call

    assert HEADING not in as_text(backtested("", [call("a")]), "p", BERLIN)
