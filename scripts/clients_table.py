"""Writes the README's table of clients, and what becomes of their calls, from `docs/clients.yaml`.

.venv/bin/python scripts/clients_table.py
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parents[1]
README, ROWS = ROOT / "README.md", ROOT / "docs" / "clients.yaml"
BEGIN, END = "<!-- clients -->", "<!-- /clients -->"
ASKED = ("metered", "limited", "guarded", "rerouted")


class Cell(BaseModel):
    """What becomes of a client's calls in one respect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    """`yes`, or what there is instead, and why."""
    test: str
    """Shows it: file::name."""

    @property
    def file(self) -> str:
        """The test's."""
        return self.test.partition("::")[0]

    @property
    def name(self) -> str:
        """The test's."""
        return self.test.partition("::")[2]


class Row(BaseModel):
    """A client, by the way that its calls take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client: str
    transport: str
    metered: Cell
    limited: Cell
    guarded: Cell
    rerouted: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of ASKED."""
        return (self.metered, self.limited, self.guarded, self.rerouted)


def rows(text: str) -> list[Row]:
    """Of the data. Raises ValueError."""
    return [Row.model_validate(row) for row in yaml.safe_load(text)]


def table(known: Iterable[Row]) -> str:
    """In Markdown; each cell leads to the file of its test."""
    lines: list[Sequence[str]] = [("client", "transport", *ASKED), ("---",) * (2 + len(ASKED))]
    for row in known:
        lines.append((row.client, row.transport, *(f"{cell.says} [·]({cell.file})" for cell in row.cells)))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def written(readme: str, known: Iterable[Row]) -> str:
    """The README with the table as it is now."""
    head, _, rest = readme.partition(BEGIN)
    return f"{head}{BEGIN}\n{table(known)}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8"), rows(ROWS.read_text("utf-8"))), "utf-8")
