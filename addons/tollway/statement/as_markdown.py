"""A statement as a message for a chat: what comes first, and what most ask for, in short figures."""

from tollway.reporting.markdown import escaped, table
from tollway.statement.headline import about, heading, headline
from tollway.statement.sections import sections
from tollway.statement.statement import Statement

MOST = 6
"""Rows of a part."""


def as_markdown(of: Statement) -> str:
    """A heading, a list of figures, and tables."""
    said = [f"- {name}: **{figure}**" for name, figure in headline(of, short=True)]
    parts = [f"**{escaped(heading(of))}**", escaped(about(of)), "\n".join(said)]
    for section in sections(of, most=MOST):
        if section.brief and not section.is_empty:
            parts += [f"**{section.title}**", table(section.columns), *map(escaped, section.notes)]
    return "\n\n".join(parts) + "\n"
