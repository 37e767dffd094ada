"""What a filter of an answer's texts is told, and what is asked of it."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from msgspec import Struct

type Key = tuple[str | int, ...]


class What(Enum):
    """What a text of an answer is to who reads it."""

    TEXT = "text"
    """What is said, refusals too."""
    THINKING = "thinking"
    ARGUMENTS = "arguments"
    """What a tool is called with."""
    UNREAD = "unread"
    """What nothing here reads: no message, or one that is cut off. As it is written, escapes and all."""


class Channel(Struct, frozen=True):
    """One text of an answer, which grows piece by piece, or comes whole."""

    what: What
    key: Key
    """Which, as its dialect numbers them: the choice, block or item first."""
    tool: str | None = None
    """The tool's name, where it is known, of arguments."""
    json: bool = False
    """It is the text of a JSON document: what is put into its strings needs JSON's escapes."""


class Filter(Protocol):
    """Changes one text as it comes."""

    @property
    def ended(self) -> bool:
        """Whether the answer is to end here: what was returned is the last of it."""

    def feed(self, text: str) -> str:
        """Takes the next of the text; what may go on now. Some may be held back.

        A character may come in halves of its surrogate pair, as some providers cut between them.
        """

    def end(self) -> str:
        """The text is over: what was held back."""


Filters = Callable[[Channel], Filter]
"""A filter for each text. A text that goes on behind another one may get a second one."""
