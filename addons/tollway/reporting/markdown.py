"""A bill as Markdown, for a message in a chat or an issue: a title, a table in short figures, notes.

The table is GitHub's (GFM): GitHub, GitLab, Teams, Mattermost and Slack's Markdown blocks draw it. Callers
choose some of the texts, so whatever a text says is shown: it links to nothing, calls nobody, ends no cell.
"""

import re
from collections.abc import Sequence

from tollway.reporting.cells import Form, cells, is_text
from tollway.reporting.columns import Column
from tollway.reporting.figures import printable
from tollway.reporting.headings import HEADINGS

LONGEST = 80
"""Characters of a cell."""
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~!$^=]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_APART = "\N{ZERO WIDTH SPACE}"
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)|(?<=@)(?=everyone|here|channel)")
_ADDRESS = re.compile(r"://|(?<=www)\.", re.IGNORECASE)


def as_markdown(title: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> str:
    """A bill as a message: what it is of in bold, the table, then notes, each a paragraph."""
    return "\n\n".join([f"**{escaped(title)}**", table(columns), *(escaped(note) for note in notes)]) + "\n"


def table(columns: Sequence[Column], form: Form = Form.SHORT) -> str:
    """Columns as a table, the total in bold; of a total without rows that is all."""
    shown = [cells(column, form) for column in columns]
    if is_text(columns[0]):
        shown[0][-1] = "total"
    lines = list(zip(*([_cell(text) for text in texts] for texts in shown), strict=True))
    foot = tuple("" if text == "-" else f"**{text}**" for text in lines[-1])
    return "\n".join(
        [
            _row([HEADINGS.get(column.name) or escaped(column.name) for column in columns]),
            _row([":---" if is_text(column) else "---:" for column in columns]),
            *map(_row, lines[:-1]),
            _row(foot),
        ]
    )


def escaped(text: str) -> str:
    """A text that is shown as it is, whoever reads Markdown: marks, links, mentions and HTML do nothing."""
    text = printable(text).translate(_ENTITIES)
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _ADDRESS.sub(lambda found: ":\\//" if found[0] == "://" else r"\.", text)
    return _MENTION.sub(lambda found: f"{found[0]}{_APART}", text)


def _cell(text: str) -> str:
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    return text if text == "-" else escaped(text)


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"
