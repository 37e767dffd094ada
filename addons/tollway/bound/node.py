"""The grammar of a bound table: how a request's members are read, each by a node."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Protocol

from tollway.bound.length import MEMBER, length, weight
from tollway.bound.tally import Server, Tally
from tollway.wire.counts import count


class Node(Protocol):
    """One entry of the table."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        """Add what this value comes to. `at`: its path in the request, for reasons."""


MOST_ANSWERS = 128
"""Of one request, at OpenAI; others allow fewer."""


class Free:
    """Counts nothing: the model does not read it."""

    def take(self, value: object, at: str, tally: Tally) -> None: ...


@dataclass(slots=True)
class Text:
    """Is read as text, keys and all."""

    name: str = "text"
    more: int = 0
    """Tokens that the provider adds for it: the prompts of tools that it knows by name."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        tally.tokens += weight(value) + self.more
        tally.classes.add(self.name)


class Answers:
    """How many answers are written."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        number = count(int(value) if isinstance(value, str) and value.isdecimal() else value)
        if value is not None and (number is None or number > MOST_ANSWERS):
            tally.refusals.append(f"{at} is no number of answers")
        elif number is not None and number > 1:
            tally.answers = max(tally.answers, number)
            tally.classes.add("answers")


class Cap:
    """How often the provider's tools may be called, all together."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        tally.cap = count(value)


class Prediction:
    """A text that the answer is predicted to be: what of it is rejected is billed as output."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        tally.output += weight(value)
        tally.tokens += weight(value)
        tally.classes.add("prediction")


class Image:
    """An image, whose size bounds its tokens: where the model's most are known. Its bytes are not text."""

    def take(self, value: object, at: str, tally: Tally) -> None:
        if value is None:
            return
        tally.images += 1
        tally.classes.add("images")
        if isinstance(value, Mapping):  # some providers read a caption beside it
            tally.tokens += weight(value.get("text"))


@dataclass(slots=True)
class Reference:
    """Something that the request only points at, or whose size no byte of it tells."""

    name: str

    def take(self, value: object, at: str, tally: Tally) -> None:
        if value is not None and value != []:
            tally.references.append(at)
            tally.classes.add(self.name)


@dataclass(slots=True)
class Refused:
    """Nothing bounds it."""

    reason: str

    def take(self, value: object, at: str, tally: Tally) -> None:
        # An empty object is a request for it: `{"googleSearch": {}}`.
        if value is not None and value is not False and value != []:
            tally.refusals.append(f"{at}: {self.reason}")


@dataclass(slots=True)
class Only:
    """Counts nothing, as long as it has one of these values."""

    values: tuple[object, ...]
    reason: str

    def take(self, value: object, at: str, tally: Tally) -> None:
        if value is not None and value not in self.values:
            tally.refusals.append(f"{at}: {self.reason}")


@dataclass(slots=True)
class Run:
    """A tool that the provider runs itself, as often as `cap`, a member of its definition, allows."""

    name: str
    counts: str = ""
    cap: str = ""
    inner: bool = False
    loops: bool = False

    def take(self, value: object, at: str, tally: Tally) -> None:
        cap = count(value.get(self.cap)) if self.cap and isinstance(value, Mapping) else None
        tally.tokens += weight(value)
        found = Server(
            at=at, name=self.name, counts=self.counts, cap=cap, inner=self.inner, loops=self.loops,
            member=self.cap,
        )  # fmt: skip
        tally.servers.append(found)
        tally.classes.add(self.name)


@dataclass(slots=True)
class Each:
    """A list of such; a lone one is taken for a list of it, and a string for text."""

    node: Node

    def take(self, value: object, at: str, tally: Tally) -> None:
        if isinstance(value, str):
            _as_text(value, tally)
            return
        for one in value if isinstance(value, list) else [value]:
            tally.tokens += MEMBER
            self.node.take(one, at, tally)


@dataclass(slots=True)
class Members:
    """An object, whose members are these. Others are read by `others`, or nothing bounds the request."""

    members: Mapping[str, Node]
    others: Node | None = None
    name: str = ""
    more: int = 0

    def take(self, value: object, at: str, tally: Tally) -> None:
        if not isinstance(value, Mapping):
            _as_text(value, tally)
            return
        tally.tokens += self.more
        if self.name:
            tally.classes.add(self.name)
        for key, one in value.items():
            node = self.members.get(key, self.others)
            path = f"{at}.{key}" if at else key
            if node is None:
                tally.refusals.append(f"{_shown(path)} is not in the bound table")
            else:
                tally.tokens += length(key) + MEMBER
                node.take(one, path, tally)


@dataclass(slots=True)
class Ranked:
    """An object with documents, with each of which one of its members is read once more: a query."""

    node: Node
    documents: str
    query: str

    def take(self, value: object, at: str, tally: Tally) -> None:
        self.node.take(value, at, tally)
        if isinstance(value, Mapping) and isinstance(ranked := value.get(self.documents), list):
            tally.tokens += weight(value.get(self.query, "")) * len(ranked)


@dataclass(slots=True)
class Variants:
    """An object of several kinds, told by one of its members: `type`, `role` ..."""

    by: str
    kinds: Mapping[str, Node]
    """By exact name, or by glob."""
    untyped: Node | None = None
    """For those without the member."""
    _found: dict[str, Node] = field(default_factory=dict)

    def take(self, value: object, at: str, tally: Tally) -> None:
        if not isinstance(value, Mapping):
            _as_text(value, tally)
            return
        kind = value.get(self.by)
        node = self.untyped if kind is None else self._kind(kind)
        if node is None:
            tally.refusals.append(f"{at}.{self.by} {_shown(repr(kind))} is not in the bound table")
        else:
            node.take(value, at, tally)

    def _kind(self, kind: object) -> Node | None:
        if not isinstance(kind, str):
            return None
        return self.kinds.get(kind) or next(
            (node for glob, node in self.kinds.items() if "*" in glob and fnmatchcase(kind, glob)), None
        )


def _as_text(value: object, tally: Tally) -> None:
    tally.tokens += weight(value)
    tally.classes.add("text")


def _shown(text: str) -> str:
    """As much of a name that a stranger chose as a message has room for."""
    return text if len(text) <= 80 else f"{text[:77]}..."
