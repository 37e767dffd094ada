"""Families as text."""

from decimal import Decimal

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from tollway.observe.exposition import figure, text


def metric(name: str, kind: str, *samples: tuple[str, dict[str, str], Decimal | float]) -> Metric:
    made = Metric(name, "Some\nhelp \\ of it.", kind)
    for sample in samples:
        made.add_sample(*sample)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (12, "12"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("1234567.000000001"), "1234567.000000001"),
        (Decimal("99999999999999999.000000001"), "99999999999999999.000000001"),
        (Decimal("100.500"), "100.5"),
        (Decimal("100.000"), "100"),
        (Decimal("1000"), "1000"),
        (Decimal("1E+3"), "1000"),
        (2.5, "2.5"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_a_figure_has_all_of_its_digits(value: Decimal | float, said: str) -> None:
    assert figure(value) == said


def test_a_text_has_help_type_and_a_line_for_each_sample() -> None:
    money = metric("cost_usd", "counter", ("cost_usd_total", {"a": "x", "b": "y"}, Decimal("0.000000001")))
    gauge = metric("now", "gauge", ("now", {}, 3))

    assert text([money, gauge]).decode() == (
        "# HELP cost_usd_total Some\\nhelp \\\\ of it.\n"
        "# TYPE cost_usd_total counter\n"
        'cost_usd_total{a="x",b="y"} 0.000000001\n'
        "# HELP now Some\\nhelp \\\\ of it.\n"
        "# TYPE now gauge\n"
        "now 3\n"
    )


def test_types_that_this_text_calls_otherwise() -> None:
    made = text([metric("x", "unknown"), metric("y", "info")]).decode()

    assert "# TYPE x untyped\n" in made
    assert "# TYPE y_info gauge\n" in made


@pytest.mark.parametrize("value", ['say "hi"', "a\nb", "back\\slash", "snö", 'x="1"} 5', "\\n"])
def test_what_a_label_has_in_it_ends_no_line_and_comes_back_as_it_was(value: str) -> None:
    made = text([metric("x", "gauge", ("x", {"a": value}, 1))]).decode()

    (family,) = text_string_to_metric_families(made)
    assert [sample.labels for sample in family.samples] == [{"a": value}]


def test_what_is_no_text_is_a_question_mark() -> None:
    assert b'a="?"' in text([metric("x", "gauge", ("x", {"a": "\ud800"}, 1))])
