"""An export as JSON, an object a line: what is absent has no key."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from tollway.ledger.archive.form import INTO, Form

MARK = "tollway_ledger"
"""The key of the first line whose value is the schema."""


class Malformed(ValueError):
    """A line that is not as it should be: the number of the line, the key, and what is wrong."""

    def __init__(self, line: int, key: str, said: str) -> None:
        super().__init__(said)
        self.line, self.key, self.said = line, key, said


def written(form: Form, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Lines with their ends. `rows`: a value for each of the form's columns, and for INTO."""
    yield orjson.dumps({MARK: form.schema, "columns": form.columns, "lines": form.lines}) + b"\n"
    names = (*form.columns, INTO)
    for row in rows:
        said = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield orjson.dumps(said) + b"\n"


def form_of(line: bytes) -> Form:
    """What a first line says. Raises ValueError."""
    said = orjson.loads(line)
    columns, lines = said["columns"], said["lines"]
    if not (
        isinstance(said[MARK], str) and isinstance(lines, int) and all(isinstance(c, str) for c in columns)
    ):
        raise ValueError(line)
    return Form(said[MARK], tuple(columns), lines)


def read(form: Form, lines: Iterable[bytes]) -> Iterator[tuple[int, list[Any]]]:
    """The number of each line from the second on, and its row as `written` takes it. Raises Malformed."""
    names = (*form.columns, INTO)
    known = frozenset(names)
    for number, line in enumerate(lines, start=2):
        try:
            said = orjson.loads(line)
        except ValueError:
            raise Malformed(number, "", "it is no JSON: is the file whole?") from None
        if not isinstance(said, dict):
            raise Malformed(number, "", "it is no JSON object")
        if not known.issuperset(said):
            strange = next(key for key in said if key not in known)
            raise Malformed(number, strange[:40], "the first line names no such column")
        yield number, [said.get(name) for name in names]
