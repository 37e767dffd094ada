"""The provider table of the package and the operator's own rows, as one registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from tollway.providers.hosts import expand
from tollway.providers.registry import Registry, build
from tollway.providers.schema import Row, Table


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an operator's row."""

    row: int
    """Its place in the list, from 0."""
    name: str
    """The row's `name`, as far as it has one."""
    key: tuple[str | int, ...]
    """The way to the wrong value inside the row."""
    message: str

    def __str__(self) -> str:
        key = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in self.key)
        return f"providers[{self.row}]{key} (row {self.name!r}): {self.message}"


class ProviderError(ValueError):
    """Rows that can't be used; `problems` has each reason, the message all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def load(operator_rows: Sequence[Mapping[str, Any]] = (), open_regions: bool = False) -> Registry:
    """The registry of all providers. The operator's rows, plain dicts as in the policy, are asked first.

    They may use the sets and regions of the package's table. Raises ProviderError. `open_regions`: a region
    that the table does not list is one all the same; for what was recorded, never for what is intercepted,
    since a certificate authority is permitted the listed names alone.
    """
    if not operator_rows:
        return _of_package(open_regions)
    table = package_table()
    rows: list[Row] = []
    problems: list[Problem] = []
    for index, given in enumerate(operator_rows):
        row, wrong = _read(index, given, table)
        rows += [row] if row else []
        problems += wrong
    if problems:
        raise ProviderError(problems)
    return build([*rows, *table.providers], table.sets, table.regions, open_regions)


@cache
def _of_package(open_regions: bool) -> Registry:
    table = package_table()
    return build(table.providers, table.sets, table.regions, open_regions)


@cache
def package_table() -> Table:
    """`providers.yaml`."""
    text = resources.files(__package__).joinpath("providers.yaml").read_text(encoding="utf-8")
    return Table.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def _read(index: int, given: Mapping[str, Any], table: Table) -> tuple[Row | None, list[Problem]]:
    name = str(given.get("name", "")) if isinstance(given, Mapping) else ""
    try:
        row = Row.model_validate(given)
    except ValidationError as e:
        wrong = ((_key(error["loc"]), _said(error["msg"], error["type"])) for error in e.errors())
        return None, [Problem(index, name, key, message) for key, message in wrong]
    return row, [Problem(index, name, key, message) for key, message in _dangling(row, table)]


def _dangling(row: Row, table: Table) -> list[tuple[tuple[str | int, ...], str]]:
    """What a row refers to and the table does not have."""
    wrong: list[tuple[tuple[str | int, ...], str]] = [
        (("serves", i, "set"), f"unknown set {s.set!r}: there are {', '.join(table.sets)}")
        for i, s in enumerate(row.serves)
        if s.set not in table.sets
    ]
    for i, host in enumerate(row.hosts):
        try:
            expand(host, table.regions)
        except ValueError as e:
            wrong.append((("hosts", i), str(e)))
    return wrong


def _key(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Pydantic's location without its own marks for the keys of a mapping."""
    return tuple(part for part in loc if part != "[key]")


def _said(message: str, kind: str) -> str:
    if kind == "extra_forbidden":
        return "unknown key: a row has " + ", ".join(Row.model_fields)
    return message.removeprefix("Value error, ")
