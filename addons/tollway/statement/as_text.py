"""A statement as plain text: figures in full, so that they can be added up."""

from tollway.reporting.cells import Form
from tollway.reporting.columns import minute
from tollway.reporting.figures import printable
from tollway.reporting.text import aligned
from tollway.statement.headline import NOTES, about, heading, headline
from tollway.statement.section import Section
from tollway.statement.sections import sections
from tollway.statement.statement import Statement


def as_text(of: Statement) -> str:
    """The heading, what comes first, then part by part, and how to read it."""
    title = printable(heading(of))
    said = headline(of)
    width = max(len(name) for name, _ in said)
    first = [f"{name.ljust(width)}  {figure}" for name, figure in said]
    made = f"Made {minute(of.at_us, of.zone)} by Tollway."
    parts = [title, "=" * len(title), about(of), made, "", *first]
    for section in sections(of):
        parts += ["", *_section(section)]
    return "\n".join([*parts, "", "How to read it", "--------------", *(f"- {note}" for note in NOTES)])


def _section(section: Section) -> list[str]:
    head = [section.title, "-" * len(section.title)]
    if section.is_empty:
        return [*head, section.none]
    table = aligned(section.columns, has_rows=section.totals, form=Form.EXACT, foot=section.totals)
    return [*head, table, *(f"({note})" for note in section.notes)]
