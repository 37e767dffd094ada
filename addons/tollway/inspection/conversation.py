"""What was said in one call, whatever dialect it was said in."""

from msgspec import Struct

LONGEST = 256 * 1024
"""Characters that are kept of one text."""


class Text(Struct, frozen=True):
    """What somebody said."""

    text: str


class Thinking(Struct, frozen=True):
    """What a model thought, or a summary of it."""

    text: str


class Refusal(Struct, frozen=True):
    """Why a model, or its provider, would not answer."""

    text: str


class ToolCall(Struct, frozen=True):
    """A tool that a model wants called, or that its provider has called."""

    name: str
    arguments: str
    """As the model wrote them: JSON, mostly."""
    id: str = ""


class Attachment(Struct, frozen=True):
    """What is no text: an image, a sound, a file. Of its bytes only their number is kept."""

    kind: str
    media: str = ""
    """Its media type, or its format."""
    size: int | None = None
    """Bytes; None: it lies elsewhere."""
    place: str = ""
    """Where: an id, or an address without its query, which may be a signature."""


class Other(Struct, frozen=True):
    """What nothing here knows, as JSON: it is shown rather than hidden."""

    kind: str
    text: str


class ToolResult(Struct, frozen=True):
    """What a tool answered."""

    id: str
    """Of the call that it answers, or the tool's name."""
    blocks: "tuple[Block, ...]"
    failed: bool = False


type Block = Text | Thinking | Refusal | ToolCall | ToolResult | Attachment | Other


class Turn(Struct, frozen=True):
    """What one of them said in one go."""

    role: str
    """As the body has it: user, assistant, model, system, tool ..."""
    blocks: tuple[Block, ...]


class Conversation(Struct, frozen=True):
    """What a request, an answer, or both hold."""

    turns: tuple[Turn, ...] = ()
    tools: tuple[str, ...] = ()
    """The names of the tools that the model may call."""
    remarks: tuple[str, ...] = ()
    """What could not be read, and errors that the provider tells."""

    def followed_by(self, other: "Conversation") -> "Conversation":
        """Both, one behind the other."""
        return Conversation(self.turns + other.turns, self.tools + other.tools, self.remarks + other.remarks)


def clipped(text: str) -> str:
    """The text; of a very long one its beginning, and how much is missing."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n[... {len(text) - LONGEST:,} more characters]"
