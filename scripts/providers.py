"""Writes the README's tables of formats and providers, from `providers.yaml` and how prices are found.

.venv/bin/python scripts/providers.py
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tollway.prices.catalogue import expanded
from tollway.prices.tables import tables
from tollway.providers.load import package_table
from tollway.providers.schema import Row, Rule

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- providers -->", "<!-- /providers -->"


def text() -> str:
    """Both tables, in Markdown."""
    known = package_table()
    sets = [
        (f"set `{name}`", *_covered(rules.values()))
        for name, rules in known.sets.items()
        if any(rule.dialect for rule in rules.values())
    ]
    formats = _table(("paths", "dialects", "metered", "recorded, not metered"), sets)
    heads = (
        "provider",
        "sets",
        "dialects of its own paths",
        "metered",
        "recorded, not metered",
        "priced by",
        "notes",
    )
    return f"{formats}\n\n{_table(heads, [provider(row) for row in known.providers])}"


def provider(row: Row) -> tuple[str, ...]:
    """The cells of one provider."""
    sets = _joined(serves.set for serves in row.serves)
    return (row.name, sets, *_covered(row.paths.values()), priced(row), "; ".join(_notes(row)))


def priced(row: Row) -> str:
    """Where its prices come from: lists of genai-prices, the first ones of many."""
    habit = tables().habit(row.name)
    if habit.local:
        return "nothing is billed per call"
    lists = ", ".join(expanded(habit.lists)[:3]) or "dearest known, flagged"
    return f"notional: {lists}" if row.subscription else lists


def _covered(rules: Iterable[Rule]) -> tuple[str, str, str]:
    """Dialects, operations that they read, and operations that nothing reads."""
    known = list(rules)
    return (
        _joined(f"`{rule.dialect}`" for rule in known if rule.dialect),
        _joined(rule.operation for rule in known if _is_read(rule) and not rule.free),
        _joined(rule.operation for rule in known if not _is_read(rule) and not rule.free),
    )


def _is_read(rule: Rule) -> bool:
    return rule.dialect is not None or rule.batch is not None


def _notes(row: Row) -> Iterator[str]:
    if row.note:
        yield row.note
    if row.untouched:
        yield "requests and credentials are never changed"
    if row.ask_usage:
        yield "Chat streams are asked for usage"
    if row.bills_on:
        yield "bills on when a client leaves"


def _joined(names: Iterable[str]) -> str:
    return ", ".join(sorted({name for name in names if name}))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def written(readme: str) -> str:
    """The README with the tables as they are now."""
    head, _, rest = readme.partition(BEGIN)
    return f"{head}{BEGIN}\n{text()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
