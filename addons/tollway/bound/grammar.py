"""The tables of `dialects/`, read into nodes.

A table has `constant` (tokens that a provider adds to any request: templates, prompts of its own), `writes`
(false where no model answers), `loop` (how many turns its own tools may take at most, where that is
documented), `caps` (of calls of such tools: `by`, the providers that are documented to keep to them;
`together`, the member of the request that caps all of them), `models` (globs of models that do more than
answer, each with the reason that nothing bounds them), `nodes` (by name, to be used below) and `request`, the
node of the whole. A node is a name of `nodes`, one of LEAVES, or an object of one of the forms of
`_Reading.node`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from tollway.bound import node
from tollway.bound.node import Node
from tollway.bound.tally import Tally

LEAVES: Mapping[str, Node] = {
    "free": node.Free(),
    "text": node.Text(),
    "tools": node.Text("tools"),
    "answers": node.Answers(),
    "cap": node.Cap(),
    "prediction": node.Prediction(),
    "image": node.Image(),
}
"""What needs no more to be said."""

DEEPEST = 40
"""Named nodes within each other; agents need nine."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One dialect's, of which there is one."""

    constant: int
    loop: int
    """Turns that the provider's own tools may take at most, where that is documented, else 0."""
    caps_by: frozenset[str]
    """The providers that are documented to keep to a cap on the calls of their tools."""
    caps_together: str
    """The member of the request that caps the calls of all of them; "" if each has its own."""
    models: Mapping[str, str]
    """Glob -> why nothing bounds such a model."""
    instead: Mapping[str, str]
    """Member -> the dialect that a request with it is in (Claude's, within Bedrock's InvokeModel)."""
    writes: bool
    """Whether a model answers in tokens; vectors and scores are none."""
    request: Node


@dataclass(slots=True)
class Named:
    """A node of `nodes`, which may be nested in itself."""

    name: str
    nodes: Mapping[str, Node]

    def take(self, value: object, at: str, tally: Tally) -> None:
        tally.depth += 1
        if tally.depth > DEEPEST:
            tally.refusals.append(f"{at[:80]}... is nested too deep")
        else:
            self.nodes[self.name].take(value, at, tally)
        tally.depth -= 1


@cache
def table_of(dialect: str) -> Table | None:
    """A dialect's table; None if it has none, and so nothing bounds its requests."""
    path = resources.files(__package__) / "dialects" / f"{dialect}.yaml"
    return read(path.read_text("utf-8")) if path.is_file() else None


def read(text: str) -> Table:
    """A table, from YAML. Raises ValueError for what is no node, KeyError for a name without one."""
    given = yaml.safe_load(text)
    reading = _Reading(given.get("spellings") == "both")
    for name, form in given.get("nodes", {}).items():
        reading.nodes[name] = reading.node(form)
    caps = given.get("caps", {})
    table = Table(
        constant=given["constant"],
        loop=given.get("loop", 0),
        caps_by=frozenset(caps.get("by", ())),
        caps_together=caps.get("together", ""),
        models=given.get("models", {}),
        instead=given.get("instead", {}),
        writes=given.get("writes", True),
        request=reading.node(given["request"]),
    )
    reading.check()
    return table


class _Reading:
    """Reads the nodes of one table."""

    def __init__(self, snake_too: bool) -> None:
        self.nodes: dict[str, Node] = {}
        self._used: set[str] = set()
        self._snake_too = snake_too

    def check(self) -> None:
        """Raises KeyError if a name was used that has no node."""
        if missing := self._used - self.nodes.keys():
            raise KeyError(*sorted(missing))

    def node(self, form: Any) -> Node:
        if isinstance(form, str):
            if form in LEAVES:
                return LEAVES[form]
            self._used.add(form)
            return Named(form, self.nodes)
        if isinstance(form, dict):
            for key, build in self._forms().items():
                if key in form:
                    return build(form)
        raise ValueError(f"no node: {form!r}")

    def _forms(self) -> Mapping[str, Callable[[dict[str, Any]], Node]]:
        """By the member that tells the form; `only` has a reason, too, so it is asked for first."""
        return {
            "only": lambda form: node.Only((*form["only"],), form["none"]),
            "none": lambda form: node.Refused(form["none"]),
            "text": lambda form: node.Text(form["text"], form.get("more", 0)),
            "reference": lambda form: node.Reference(form["reference"]),
            "run": lambda form: node.Run(
                form["run"], form.get("counts", ""), form.get("cap", ""),
                form.get("inner", False), form.get("loops", False),
            ),
            "each": lambda form: node.Each(self.node(form["each"])),
            "rank": lambda form: node.Ranked(self.node(form["node"]), form["rank"], form["query"]),
            "members": self._members,
            "by": self._variants,
        }  # fmt: skip

    def _members(self, form: dict[str, Any]) -> Node:
        members = {key: self.node(value) for key, value in form["members"].items()}
        if self._snake_too:
            members = {snake(key): value for key, value in members.items()} | members
        others = self.node(form["others"]) if "others" in form else None
        return node.Members(members, others, form.get("name", ""), form.get("more", 0))

    def _variants(self, form: dict[str, Any]) -> Node:
        kinds = {kind: self.node(value) for kind, value in form["kinds"].items()}
        untyped = self.node(form["untyped"]) if "untyped" in form else None
        return node.Variants(form["by"], kinds, untyped)


def snake(key: str) -> str:
    """Google reads either spelling: inlineData, inline_data."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"_{match[1].lower()}", key)
