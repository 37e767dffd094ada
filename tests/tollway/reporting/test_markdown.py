"""A bill as a message: what it looks like, and that no text in it does anything."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.reporting.samples import bill
from tollway.reporting.cells import Form
from tollway.reporting.columns import Column, Kind, columns
from tollway.reporting.markdown import as_markdown, escaped, table


def test_a_bill_is_a_table_with_a_title_and_notes() -> None:
    assert as_markdown("AI calls", columns(bill()), ["a note_"]).splitlines() == [
        "**AI calls**",
        "",
        "| day | model | calls | input | cached | output | cost $ | notional $ | estimated $ |",
        "| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| 2026-11-22 | claude-opus-4-8 | 1,200 | 1.23M | 1.00M | 4,321 | 12.34 | 0.00 | 1.00 |",
        "| 2026-11-22 | - | 1 | 0 | - | - | 0.00 | 0.50 | 0.00 |",
        "| 2026-11-23 | \\=cmd()�\\[31m | 2 | - | - | - | 5.00 | 0.00 | 0.00 |",
        "| **total** |  | **1,203** | **1.23M** | **1.00M** | **4,321** | **17.34** | **0.50** | **1.00** |",
        "",
        "a note\\_",
    ]


def test_a_total_alone_is_a_row() -> None:
    assert table([Column("calls", Kind.COUNT, (), 1_234_567)], Form.FULL).splitlines() == [
        "| calls |",
        "| ---: |",
        "| **1234567** |",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("*a* _b_ `c` ~~d~~", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~"),
        ("[x](http://evil)", "\\[x\\](http:\\//evil)"),
        ("![x](//evil)", "\\!\\[x\\](//evil)"),
        ("www.evil.example", "www\\.evil.example"),
        ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
        ("<!channel> <@U1>", "&lt;\\!channel&gt; &lt;@\u200bU1&gt;"),
        ("@here and ann@example.com", "@\u200b\u200bhere and ann@example.com"),
        ("x@everyone", "x@\u200beveryone"),
        ("a\nb\r\x1b\u202e", "a�b���"),
        ("back\\slash", "back\\\\slash"),
        ("$x$ ==y== ^z^", "\\$x\\$ \\=\\=y\\=\\= \\^z\\^"),
        ("claude-opus-4.8", "claude-opus-4.8"),
    ],
)
def test_a_text_is_shown_and_does_nothing(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_heading_s_tag_is_escaped_and_a_long_text_is_cut() -> None:
    shown = table([Column("tag.a_b", Kind.TEXT, ("x" * 100,))]).splitlines()

    assert shown[0] == "| tag.a\\_b |"
    assert shown[2] == f"| {'x' * 79}… |"


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_text_makes_a_cell_or_a_line(texts: list[str]) -> None:
    """However many there are, the table has as many rows, of one cell."""
    lines = table([Column("user", Kind.TEXT, tuple(texts))]).split("\n")

    assert len(lines) == len(texts) + 3
    for line in lines:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 2
