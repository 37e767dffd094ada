"""Columns on standard output, in the form that was asked for."""

import sys
from collections.abc import Sequence

import click

from tollway.reporting.columns import Column

NONE = "No AI calls{}. `tollway run -- claude` (or any program) records some."


def show_columns(title: str, columns: Sequence[Column], notes: Sequence[str], style: str) -> None:
    """As `csv`, `markdown` or `table`, which is plain text unless it goes to a terminal."""
    if style == "csv":
        from tollway.reporting.sheet import of_columns

        click.echo(of_columns(columns), nl=False)
    elif style == "markdown":
        from tollway.reporting.headings import notes as all_notes
        from tollway.reporting.markdown import as_markdown

        click.echo(as_markdown(title, columns, all_notes(columns, notes)), nl=False)
    elif sys.stdout.isatty():
        from rich.console import Console

        from tollway.reporting.table import fitted

        console = Console()
        console.print(fitted(title, columns, console.width, notes))
    else:
        from tollway.reporting.cells import is_text
        from tollway.reporting.text import aligned

        table = aligned(columns, is_text(columns[0]))
        click.echo("\n".join([title, "", table, *(["", *notes] if notes else [])]))


def say_none(bounded: bool) -> None:
    """That there is nothing to show, on standard error. `bounded`: a span was asked for."""
    click.echo(NONE.format(" in that time" if bounded else " yet"), err=True)
