"""Reading an export, whichever form it has: each line is looked at before the next."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, NamedTuple

from tollway.ledger.archive import jsonl, sheet
from tollway.ledger.archive.form import Column, Form, check
from tollway.ledger.fault import LedgerError

FIRST = "it is no first line of an export of `tollway ledger export`: is it another file?"


class Line(NamedTuple):
    """A line of an export."""

    number: int
    row: list[Any]
    """A value for each of the form's columns, and for INTO."""


def read(file: IO[bytes], name: str, known: Sequence[Column]) -> tuple[Form, Iterator[Line]]:
    """What the file says of itself, and its lines. Raises LedgerError, as does the reading of lines: of one
    that is wrong, and where there are fewer, or more, than the first says."""
    first = file.readline()
    is_json = first.lstrip()[:1] == b"{"
    form = _form(first, name, is_json)
    check(form, known, name)
    if is_json:
        return form, _counted(form, name, lambda: jsonl.read(form, file))
    return form, _counted(form, name, lambda: sheet.read(form, known, _text(file)))


def bad(name: str, line: int, key: str, said: str) -> LedgerError:
    """What is said of a line that is wrong."""
    place = f"{name}:{line}: {key}" if key else f"{name}:{line}"
    return LedgerError(f"{place}: {said}; nothing of the file was imported: mend the line, or export again")


def _form(line: bytes, name: str, is_json: bool) -> Form:
    try:
        return jsonl.form_of(line) if is_json else sheet.form_of(line.decode())
    except (ValueError, KeyError, TypeError, csv.Error):
        raise LedgerError(f"{name}:1: {FIRST}") from None


def _text(file: IO[bytes]) -> Iterator[str]:
    with io.TextIOWrapper(file, "utf-8", newline="") as text:
        yield from text


def _counted(form: Form, name: str, lines: Callable[[], Iterator[tuple[int, list[Any]]]]) -> Iterator[Line]:
    number, count = 1, 0
    try:
        for number, row in lines():
            count += 1
            yield Line(number, row)
    except jsonl.Malformed as error:
        raise bad(name, error.line, error.key, error.said) from None
    except UnicodeDecodeError:
        raise bad(name, number + 1, "", "it is no UTF-8") from None
    if count != form.lines:
        said = f"the first line says that {form.lines:,} follow, and there are {count:,}"
        raise bad(name, number, "", f"{said}: the file is not whole")
