"""The bill at other prices as columns."""

from zoneinfo import ZoneInfo

from tollway.reporting.columns import Column, Kind
from tollway.reporting.markdown import as_markdown
from tollway.reporting.reprice import Comparison, Repriced
from tollway.reporting.repriced_columns import columns, notes, title

CHEAPER = Repriced(calls=2, kept=1, cost_nano=10**9, repriced_nano=25 * 10**7)
FOUND = Comparison(("model",), ((("gpt-5",), CHEAPER),), CHEAPER, "list|1", ZoneInfo("UTC"))


def test_old_new_and_difference() -> None:
    assert as_markdown(title(FOUND), columns(FOUND), notes(FOUND)).splitlines() == [
        "**AI calls at other prices (list\\|1), UTC**",
        "",
        "| model | calls | cost $ | repriced $ | difference $ |",
        "| :--- | ---: | ---: | ---: | ---: |",
        "| gpt-5 | 2 | 1.00 | 0.25 | -0.75 |",
        "| **total** | **2** | **1.00** | **0.25** | **-0.75** |",
        "",
        "1 calls stay as charged: the provider billed them, no usage, or several models",
    ]


def test_plans_have_columns_and_a_word_where_there_are_any() -> None:
    plan = Comparison((), (), Repriced(calls=1, notional_nano=5), "x", ZoneInfo("UTC"))

    assert columns(plan)[-2] == Column("notional_usd", Kind.MONEY, (), 5)
    assert notes(plan) == ["notional: what the calls under a flat plan would have cost; not in the cost"]
