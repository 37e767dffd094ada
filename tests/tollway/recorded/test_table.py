"""The calls of a file as a table for a terminal."""

import io

from rich.console import Console

from tests.tollway.recorded.samples import entry
from tests.tollway.recorded.test_pricing import priced
from tollway.recorded.table import as_table


def drawn(*entries: dict[str, object], width: int = 120, all_of_them: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(as_table(priced(*entries), all_of_them, width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_calls_what_else_there_was_and_the_bill() -> None:
    text = drawn(entry(), entry("https://example.com/"))
    lines = [line.split() for line in text.splitlines() if line.strip(" ─╶╴")]

    assert lines[0] == [
        "n",
        "provider",
        "model",
        "operation",
        "status",
        "input",
        "output",
        "cost_usd",
        "note",
    ]
    assert lines[1] == ["0", "openai", "gpt-4o", "chat", "200", "1000", "200", "0.0045", "-"]
    assert "1 other entry: 1 not_a_provider (--all lists them)" in text
    assert "total" in text


def test_all_are_listed_where_that_is_asked_for() -> None:
    text = drawn(entry(), entry("https://example.com/"), all_of_them=True)

    assert "not_a_provider https://example.com/" in text
    assert "other" not in text


def test_no_line_is_wider_than_the_terminal() -> None:
    text = drawn(entry(), entry("https://example.com/" + "x" * 200), width=60, all_of_them=True)

    assert max(map(len, text.splitlines())) <= 60


def test_without_calls_it_says_so() -> None:
    assert drawn(entry("https://example.com/")).startswith("no AI calls")
