"""How a call's row says that it ended; `test_charging` and `test_charging_held` have what it is charged."""

from typing import Any

import pytest

from tests.tollway.charged import END, call
from tollway import rows
from tollway.model import Cost, Report


@pytest.mark.parametrize(
    ("known", "cut", "said"),
    [
        ({}, False, None),
        ({}, True, "cut"),
        ({"left": False}, True, "not_connected"),
        ({"error": "unreadable"}, True, "unreadable"),
        ({"abandoned": True, "error": "unreadable"}, False, "abandoned"),
    ],
    ids=["by itself", "cut", "never left", "with an error of its own", "without its client"],
)
def test_a_row_says_why_its_call_did_not_end_well(known: dict[str, Any], cut: bool, said: str) -> None:
    assert rows.ended(call(**known), Report(), Cost(), None, cut, END).error == said


def test_what_the_answer_says_went_wrong_comes_before_that_it_broke_off() -> None:
    assert rows.ended(call(), Report(error="overloaded"), Cost(), 200, True, END).error == "overloaded"
