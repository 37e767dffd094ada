"""Turns: a text, messages, or parts that stand without one, in the order in which they are said."""

from collections.abc import Iterator

from tollway.inspection.content import MOST, blocks
from tollway.inspection.conversation import Block, Text, Turn
from tollway.inspection.message import is_message, turn


def turns(value: object, role: str) -> tuple[Turn, ...]:
    """What the value holds; `role` says whose it is, where it does not say so itself."""
    given = value[:MOST] if isinstance(value, list) else [value]
    found = tuple(_joined(given, role))
    if isinstance(value, list) and len(value) > MOST:
        found += (Turn(role, (Text(f"[... {len(value) - MOST:,} more]"),)),)
    return found


def _joined(given: list[object], role: str) -> Iterator[Turn]:
    """A turn for each message; parts of one role that follow each other are one turn."""
    if given and all(isinstance(value, int) for value in given):
        given = [given]  # tokens, not texts
    whose, held = role, list[Block]()
    for value in given:
        if isinstance(value, dict) and is_message(value):
            if held:
                yield Turn(whose, tuple(held))
                held = []
            yield turn(value, role)
            continue
        of = _role(value, role)
        if held and of != whose:
            yield Turn(whose, tuple(held))
            held = []
        whose = of
        held += blocks(value)
    if held:
        yield Turn(whose, tuple(held))


def _role(value: object, role: str) -> str:
    """Whose a part is that stands alone: OpenAI's responses put calls and their results beside messages."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        return role
    if kind.endswith(("_output", "_result", ".result")):
        return "tool"
    if kind == "user_input":
        return "user"
    if kind.endswith(("_call", ".call", ".execution")) or kind in ("reasoning", "thought", "model_output"):
        return "assistant"
    return role
