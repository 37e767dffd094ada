"""A compound system's models and searches are told, whatever else a message holds."""

from typing import Any

import pytest

from tollway.model import Portion, Report, Usage
from tollway.wire.groq_compound import with_compound

USAGE = {"prompt_tokens": 3, "completion_tokens": 2}
USED = Usage(input_tokens=3, output_tokens=2)
SEARCHED = {"choices": [{"message": {"executed_tools": [{"type": "search", "output": "x"}]}}]}


def test_what_is_no_compound_is_left_as_it_is() -> None:
    """Nearly every answer."""
    report = Report(usage=USED, model="m")

    assert with_compound(report, Report(), {"choices": [{"message": {"content": "a"}}]}) is report


def test_each_model_s_share_is_told() -> None:
    """One that reports nothing has none."""
    models = [{"model": "a", "usage": USAGE}, {"model": "b", "usage": None}, 3]

    report = with_compound(Report(usage=USED), Report(), {"usage_breakdown": {"models": models}})

    assert report == Report(usage=USED, portions=(Portion(model="a", usage=USED),))


def test_searches_are_added_to_those_before() -> None:
    """And a count that the provider reports itself goes before them."""
    before = Report(usage=Usage(web_searches=1))

    assert with_compound(Report(usage=USED), before, SEARCHED).usage == Usage(
        input_tokens=3, output_tokens=2, web_searches=2
    )
    counted = Report(usage=Usage(web_searches=5))
    assert with_compound(counted, Report(), SEARCHED) is counted


@pytest.mark.parametrize(
    "value", [None, 1, "x", [1], {"a": 1}, [{"delta": 3}], [{"delta": {"executed_tools": 3}}]]
)
def test_wrong_types_are_absent(value: Any) -> None:
    """Wherever they stand."""
    report = Report(usage=USED)

    for message in ({"choices": value}, {"usage_breakdown": value}, {"x_groq": value}):
        assert with_compound(report, Report(), message) is report
