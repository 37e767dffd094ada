"""The opening of a block whose inside comes by and by."""

from msgspec.structs import replace

from tollway.inspection.conversation import Block, Thinking, ToolCall
from tollway.inspection.typed_part import NOT_SHOWN


def opened(block: Block) -> Block:
    """A call opens without arguments, a thought without a text."""
    if isinstance(block, ToolCall) and block.arguments == "{}":
        return replace(block, arguments="")
    return Thinking("") if block == Thinking(NOT_SHOWN) else block
