"""Tables say what each of their cells is of."""

from tests.tollway.page.test_html import Read
from tollway.page.table import LONGEST, Cells, Column, table

COLUMNS = [Column("Name"), Column("When", Cells.SHORT), Column("Cost", Cells.FIGURE)]


def test_each_column_and_each_row_has_a_heading() -> None:
    found = table("Costs", COLUMNS, [["<a>", "now", "$1"], ["b", "then", "$2"]], "None.").text

    read = Read(found)
    headings = [attributes for name, attributes in read.elements if name == "th"]
    assert [each["scope"] for each in headings] == ["col", "col", "col", "row", "row"]
    assert [each.get("class") for each in headings[:3]] == [None, "short", "figure"]
    assert "<caption>Costs</caption>" in found
    assert '<th scope="row">&lt;a&gt;</th><td class="short">now</td><td class="figure">$1</td>' in found


def test_what_is_wider_than_the_window_can_be_moved_with_the_keyboard() -> None:
    (name, attributes), *_ = Read(table("Costs", COLUMNS, [["a", "b", "c"]], "None.").text).elements

    assert name == "div"
    assert attributes == {"class": "wide", "role": "region", "aria-label": "Costs", "tabindex": "0"}


def test_an_empty_table_is_a_sentence() -> None:
    assert table("Costs", COLUMNS, [], "No call yet.").text == '<p class="quiet">No call yet.</p>'


def test_a_text_of_megabytes_does_not_fill_the_page() -> None:
    found = table("x", [Column("a"), Column("b")], [["y" * LONGEST, "z" * 10**6]], "None.").text

    assert "y" * LONGEST + "<" in found
    assert "z" * LONGEST + "…" in found
    assert len(found) < 1000
