"""YAML text as plain values, each with the line and column that it was written at."""

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

Way = tuple[str | int, ...]
"""The keys and indices that lead to a value."""
Place = tuple[int, int]
"""Line and column, both from 1."""

MOST_REPEATED = 20_000
"""Values of one document that aliases stand for; what is written out may be as long as it is."""
DEEPEST = 40
LONGEST_NUMBER = 64
_YAML = "tag:yaml.org,2002:"
_TEXT = _YAML + "str"
_KEYS = frozenset({_TEXT, _YAML + "bool"})
"""What keys may be: `on` is true to YAML, and a key to us."""
_NUMBERS = frozenset({_YAML + "int", _YAML + "float"})
_PLAIN = frozenset(_YAML + kind for kind in "map seq str int float bool null timestamp".split())


class Malformed(Exception):
    """Text that is no document, or not one that Tollway reads; `flaws` has each reason with place and way."""

    def __init__(self, flaws: list[tuple[Place, Way, str]]) -> None:
        super().__init__(flaws)
        self.flaws = flaws


@dataclass
class Document:
    """The values of a YAML text. Its numbers with a point are Decimals: no rate is ever rounded."""

    value: Any = None
    values: dict[Way, Place] = field(default_factory=dict)
    """Where each value begins."""
    keys: dict[Way, Place] = field(default_factory=dict)
    """Where the key of each value in a mapping begins."""
    written: dict[Way, str] = field(default_factory=dict)
    """Each scalar as it was written: `off` is false to YAML, not to the person who reads the message."""


def read(text: str, *, numbers_as_keys: bool = False) -> Document:
    """The document of a text. Raises Malformed.

    With `numbers_as_keys`, a key that YAML takes for a number is its text: hex digits may look so.
    """
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        keys = _KEYS | _NUMBERS if numbers_as_keys else _KEYS
        return _Builder(loader, keys).build(root) if root is not None else Document()
    except yaml.reader.ReaderError as e:
        said = f"holds the character {chr(e.character)!r}"
        raise Malformed([(_place_of(text, e.position), (), said)]) from None
    except yaml.MarkedYAMLError as e:
        raise _syntax(e) from None
    except RecursionError:
        raise Malformed([((1, 1), (), "is nested too deeply")]) from None


class _Builder:
    """Builds values from YAML's nodes; collects what is wrong with them."""

    def __init__(self, loader: yaml.SafeLoader, keys: frozenset[str]) -> None:
        self._loader = loader
        self._keys = keys
        self._document = Document()
        self._flaws: list[tuple[Place, Way, str]] = []
        self._seen: set[Node] = set()
        self._repeated = 0

    def build(self, root: Node) -> Document:
        self._document.value = self._value(root, ())
        if self._flaws:
            raise Malformed(self._flaws)
        return self._document

    def _value(self, node: Node, way: Way) -> Any:
        place = _place(node.start_mark)
        self._document.values[way] = place
        self._repeated += node in self._seen
        self._seen.add(node)
        if self._repeated > MOST_REPEATED or len(way) > DEEPEST:
            what = "is nested too deeply" if len(way) > DEEPEST else "holds too many values"
            raise Malformed([(place, way[:3], f"{what}, aliases counted as what they stand for")])
        if node.tag not in _PLAIN:
            return self._flaw(place, way, f"the tag {node.tag.removeprefix(_YAML)} is not read")
        if isinstance(node, MappingNode):
            return self._mapping(node, way)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*way, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, way)

    def _mapping(self, node: MappingNode, way: Way) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place, key = _place(key_node.start_mark), key_node.value
            if key_node.tag not in self._keys:
                self._flaw(place, way, _no_key(key))
            elif key in mapping:
                first = self._document.keys[*way, key][0]
                self._flaw(place, (*way, key), f"stands twice: first in line {first}")
            else:
                self._document.keys[*way, key] = place
                mapping[key] = self._value(value_node, (*way, key))
        return mapping

    def _scalar(self, node: Node, way: Way) -> Any:
        self._document.written[way] = node.value
        if node.tag != _TEXT and len(node.value) > LONGEST_NUMBER:
            return self._flaw(_place(node.start_mark), way, "is too long for a number")
        try:
            value = self._loader.construct_object(node)
        except ValueError as e:
            return self._flaw(_place(node.start_mark), way, f"{node.value}: {e}")
        if not isinstance(value, float):
            return value
        if not math.isfinite(value):
            return self._flaw(_place(node.start_mark), way, f"{node.value} is no number to reckon with")
        # YAML's own 1:30.5 (sexagesimal) is no Decimal, and no one's intention.
        return value if ":" in node.value else Decimal(node.value.replace("_", ""))

    def _flaw(self, place: Place, way: Way, message: str) -> None:
        self._flaws.append((place, way, message))


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _no_key(written: Any) -> str:
    if written == "<<":
        return "a merge (<<) is not read: write out what it stands for, or give the whole value an alias"
    what = f"{written} is not text to YAML" if isinstance(written, str) else "this is not text"
    return f"{what}, as keys must be: put it in quotes"


def _syntax(error: yaml.MarkedYAMLError) -> Malformed:
    """What YAML itself says. What is never finished is placed where it was begun."""
    problem = error.problem or ""
    said = ", ".join(part for part in (error.context, problem) if part)
    if "'\\t'" in problem:
        said = "a tab can't indent YAML: use spaces"
    unfinished = any(sign in problem for sign in ("end of stream", "stream end", "could not find"))
    mark = error.context_mark if unfinished and error.context_mark else error.problem_mark
    return Malformed([(_place(mark), (), said)])
