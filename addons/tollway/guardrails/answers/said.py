"""What a message of an answer says, as a dialect reads it, and what else is to be known of the dialect."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from tollway.guardrails.answers.channel import Key, What

type Message = Mapping[str, Any]
type Path = tuple[str | int, ...]


class Said(NamedTuple):
    """A piece of a text."""

    key: Key
    what: What
    path: Path
    """Where in the message it stands."""
    text: str
    tool: str | None = None
    json: bool = False
    whole: bool = False
    """It is all of its text, and may have been said before."""


class Ended(NamedTuple):
    """The texts whose keys begin so are over."""

    prefix: Key = ()


class Reading(Protocol):
    """Reads the messages of one answer in their order, and writes such ones."""

    mark: bytes
    """What stands in an event of its own behind the last message; empty: nothing does."""
    repeats: bool
    """Texts are said again as a whole."""
    number: str
    """The member that numbers the messages; empty: none does."""

    def read(self, message: Message) -> Iterable[Said | Ended]:
        """What the message says, in its order. Of a message, too, that holds a whole answer."""

    def more(self, message: Message, said: Said, text: str) -> dict[str, Any]:
        """A message that says this text more; `message` had the piece `said` before it."""

    def tokens(self, path: Path) -> tuple[Path, object] | None:
        """Where what is said at a path is told once more, token by token, and what stands for nothing."""

    def stopped(self, message: Message) -> dict[Path, object]:
        """What changes in a message that tells how an answer ended, if that is at a guardrail."""

    def closing(self) -> list[dict[str, Any]]:
        """The messages that end an answer here, which a guardrail stopped."""
