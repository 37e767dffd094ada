"""What was spent, when and on what."""

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN, line
from tests.tollway.page.test_budgets import cells
from tests.tollway.page.test_html import Read
from tollway.live.span import Span
from tollway.page.html import written
from tollway.page.spend import course, spent_table, sums, total

SLOTS = Span.TODAY.slots(NOON_US, BERLIN)


def test_figures_stand_beside_what_they_are_of() -> None:
    assert sums([("Spent", "<1>")]).text == (
        '<dl class="sums"><div><dt>Spent</dt><dd>&lt;1&gt;</dd></div></dl>'
    )


def test_what_a_plan_covers_is_told_where_there_is_any() -> None:
    assert total(line(cost_nano=5, calls=1_000)) == [("Spent", "$0.000000005"), ("Calls", "1,000")]
    assert total(line(notional_nano=10**9))[2] == ("At list price, covered by a plan", "$1")


def test_a_course_says_when_most_was_spent() -> None:
    costs = [0] * len(SLOTS)
    costs[3], costs[5] = 7, 9

    found = written(course(line(course=tuple(costs)), SLOTS, BERLIN))

    said = "Spent since 25 Nov 00:00 by time; most, $0.000000009, from 25 Nov 02:30 on"
    assert [name for name, _ in Read(found).elements].count("rect") == 2
    assert f'aria-label="{said}"' in found
    assert f'<figcaption class="quiet">{said}</figcaption>' in found


def test_where_nothing_was_spent_there_is_no_picture() -> None:
    assert course(line(course=(0, 0)), SLOTS, BERLIN) is None
    assert course(line(course=()), SLOTS, BERLIN) is None


def test_a_row_for_each_value_with_its_share() -> None:
    lines = [line("a", 4), line(None, 1, notional_nano=2)]

    found = spent_table("user", lines, "x").text

    assert cells(found) == [
        ["a", "", "$0.000000004", "–", "12"],
        ["no user", "", "$0.000000001", "$0.000000002", "12"],
    ]
    assert 'aria-label="$0.000000001 of at most $0.000000004"' in found


def test_nothing_spent_is_a_sentence() -> None:
    assert "Nothing yet." in spent_table("user", [], "x").text
