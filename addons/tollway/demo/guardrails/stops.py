"""What is played under the policy: an agent that reads a key, two turns about a customer, a password."""

from collections.abc import Mapping, Sequence
from typing import Any

from tollway.demo.stop import Stop

URL = "https://api.anthropic.com/v1/messages"
PIECE = 11
"""Characters of an event of the answer that names the customer: a placeholder is longer."""
_USAGE = {"cache_read_tokens": 0, "cache_write_tokens": 0}

Message = Mapping[str, Any]


def agent(key: str) -> Stop:
    """An agent has read a `.env`, and sends it along."""
    read = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"path": ".env"}}
    came = {"type": "tool_result", "tool_use_id": "toolu_1", "content": env(key)}
    talk = [said("user", "Why does the deploy fail?"), said("assistant", [read]), said("user", [came])]
    tool = {"name": "read", "description": "Reads a file.", "input_schema": {"type": "object"}}
    return Stop(
        person="ada",
        program="claude-cli",
        does="lets her agent look into a deploy: it reads .env",
        url=URL,
        body=_body("claude-opus-4-8", talk, tools=[tool]),
        headers={"user-agent": "claude-cli/2.1.40 (external, cli)"},
    )


def env(key: str) -> str:
    """What is in the `.env`."""
    return f"PORT=8080\nSTRIPE_SECRET_KEY={key}\n"


def asking(email: str, card: str) -> Stop:
    """The first turn about a customer."""
    asks = f"Nora ({email}) paid with {card}. Her parcel is late: what do we need?"
    says = ("The number ", "of her ", "order.")
    return _support("asks about a customer", [said("user", asks)], says, 1_240, 9)


def going_on(first: Stop, answer: str, mask: str) -> Stop:
    """The second turn: the history as the program has it, and a question whose answer names the customer, as
    the provider knows her."""
    talk = [*first.body["messages"], said("assistant", answer), said("user", "It is 4711. Whom do I write?")]
    says = pieces(f"To {mask}: it comes on Monday.")
    return _support("goes on; his app sends all of it again", talk, says, 1_270, 31)


def pasting(password: str) -> Stop:
    """What only looks like a secret."""
    talk = [said("user", f"Is this right? db_password = '{password}'")]
    return Stop(
        person="cleo",
        program="notebook",
        does="pastes a line of her settings",
        url=URL,
        body=_body("claude-haiku-4-5", talk),
        answer=_answer(("It is.",), 420, 4),
    )


def said(role: str, content: object) -> Message:
    """A message."""
    return {"role": role, "content": content}


def pieces(text: str) -> tuple[str, ...]:
    """A text, cut as a provider's events cut it."""
    return tuple(text[at : at + PIECE] for at in range(0, len(text), PIECE))


def _support(does: str, talk: Sequence[Message], says: Sequence[str], read: int, written: int) -> Stop:
    return Stop(
        person="ben",
        program="support desk",
        does=does,
        url=URL,
        body=_body("claude-haiku-4-5", talk),
        answer=_answer(says, read, written),
    )


def _body(model: str, talk: Sequence[Message], **more: object) -> Mapping[str, Any]:
    return {"model": model, "max_tokens": 1_024, "stream": True, **more, "messages": talk}


def _answer(says: Sequence[str], read: int, written: int) -> Mapping[str, Any]:
    usage = {**_USAGE, "input_tokens": read, "output_tokens": written}
    return {"texts": list(says), "usage": usage, "interval": 0.02}
