"""Bars, and the tables of a run."""

import pytest

from tests.bench.figures import Figure
from tests.bench.table import Bar, Results

MOST = Bar(what="CPU", limit=1.10, goal=0.90)
LEAST = Bar(what="LiteLLM", limit=8, at_least=True)
STALL = Bar(what="stall", limit=50, unit=" ms", worst=True)


@pytest.mark.parametrize(
    ("bar", "figure", "verdict"),
    [
        (MOST, Figure(0.90, 0.8, 1.3), "met, goal too"),
        (MOST, Figure(0.91, 0.8, 1.3), "met"),
        (MOST, Figure(1.10, 0.8, 1.3), "met"),
        (MOST, Figure(1.11, 0.8, 1.3), "MISSED"),
        (LEAST, Figure(8, 7, 9), "met"),
        (LEAST, Figure(7.99, 7, 9), "MISSED"),
        (STALL, Figure(10, 5, 50), "met"),
        (STALL, Figure(10, 5, 50.1), "MISSED"),
        (Bar(what="rate", limit=5, at_least=True, worst=True), Figure(9, 4, 10), "MISSED"),
    ],
)
def test_a_bar_is_met_by_the_median_or_where_it_says_so_by_the_worst(
    bar: Bar, figure: Figure, verdict: str
) -> None:
    assert bar.verdict(figure) == verdict


def test_a_bar_says_what_it_asks_for() -> None:
    assert [bar.text() for bar in (MOST, LEAST, STALL)] == ["≤ 1.1x, goal 0.9x", "≥ 8x", "≤ 50 ms"]


def test_a_run_shows_all_that_it_measured() -> None:
    results = Results()
    results.bar(LEAST, Figure(9, 8.5, 9.5))
    results.cost("JSON call", "tollway", "1.00", "2.00", "3.00")
    results.note("On two cores.")
    assert results.markdown() == (
        "| what | bar | median [spread] | verdict |\n"
        "| --- | --- | --- | --- |\n"
        "| LiteLLM | ≥ 8x | 9.00x [8.50 .. 9.50] | met |\n"
        "\n"
        "| call | proxy | CPU ms per call | ms to first byte | ms to last |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| JSON call | tollway | 1.00 | 2.00 | 3.00 |\n"
        "\n"
        "On two cores.\n"
    )


def test_work_inside_a_process_has_a_table_of_its_own() -> None:
    results = Results()
    rate = Bar(what="pairs", limit=2000, unit="/s", at_least=True, places=0)
    results.bar(rate, Figure(5646.4, 4796.2, 6631.9))
    results.work("pairs", Figure(118.4, 101, 128), Figure(5646.4, 4796.2, 6631.9))

    assert results.markdown() == (
        "| what | bar | median [spread] | verdict |\n"
        "| --- | --- | --- | --- |\n"
        "| pairs | ≥ 2000/s | 5646/s [4796 .. 6632] | met |\n"
        "\n"
        "| inside one process | CPU µs each | each second |\n"
        "| --- | --- | --- |\n"
        "| pairs | 118 [101 .. 128] | 5646 [4796 .. 6632] |\n"
    )


def test_a_run_fails_by_one_bar_or_by_measuring_none() -> None:
    results = Results()
    assert results.missed()
    results.bar(LEAST, Figure(9, 9, 9))
    assert not results.missed()
    results.bar(STALL, Figure(60, 60, 60))
    assert results.missed()
