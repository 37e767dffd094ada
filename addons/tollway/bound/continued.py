"""What an answer reported bounds the input of a request that goes on from it (`previous_response_id`).

Codex sends only what is new on a WebSocket, and points at the answer before: what a model reads then was read
for that answer, or written by it. So its reported input, twice its output (what is around a message is read
as tokens that nobody wrote), the bytes of what is new and some slack bound the input far closer than the
model's context window does.

It is claimed for answers whose own request was read in full: no tools that the provider runs, nothing else
that is only pointed at, nothing fetched from the web that may be another next time, nothing that is cut or
summed up on the way; and whose request went on from such a one, if from any.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.bound.bound import Bound
from tollway.bound.capacity import Capacity
from tollway.bound.grammar import table_of
from tollway.bound.prefix import MARK, SEAM, may_fetch, rewrites
from tollway.bound.tally import Tally
from tollway.wire.counts import part, text

DIALECT, MEMBER = "openai_responses", "previous_response_id"
_TEXTS = frozenset({"", "text", "tools"})
"""What a table calls texts, and the definitions of tools that the caller runs."""
Told = Callable[[bytes], int | None]
"""What an answer of this mark leaves to be read again (`Conversations.get`)."""


def mark(id: str, body: Mapping[str, Any], *facts: str) -> bytes:
    """What an answer goes by. `facts`: the provider and the model, whose tokens they are.

    Which thoughts are read again, `reasoning` of the request (`body`) says: it has to stay as it was.
    """
    thoughts = part(body, "reasoning").get("context")
    return sha256(orjson.dumps([id, facts, repr(thoughts)])).digest()[:MARK]


def goes_on_from(dialect: str, body: Mapping[str, Any]) -> str | None:
    """The id of the answer that a request goes on from; None if it begins anew."""
    return text(body, MEMBER, 512) if dialect == DIALECT else None


def is_told(dialect: str, bound: Bound, body: Mapping[str, Any], known: Told, *facts: str) -> bool:
    """Whether the answer to this request, of this bound, will tell all that a request reads that goes on from
    it. A request that is nothing but texts is not looked through again: agents' are long."""
    if dialect != DIALECT or rewrites(body):
        return False
    if set(bound.shape.removeprefix(DIALECT).strip().split("+")) <= _TEXTS:
        return True
    id = goes_on_from(dialect, body)
    if may_fetch(body.get("input")) or (id is not None and known(mark(id, body, *facts)) is None):
        return False
    found = _new(body)
    return not (found.servers or found.references or found.refusals)


def left(input_tokens: int, output_tokens: int) -> int:
    """What an answer that used so many leaves to be read again."""
    return input_tokens + 2 * output_tokens


def continued(
    dialect: str, bound: Bound, body: Mapping[str, Any], known: Told, capacity: Capacity, *facts: str
) -> Bound:
    """The bound with what the answer left that the request goes on from, if that is known, and less."""
    id = goes_on_from(dialect, body)
    told = None if id is None else known(mark(id, body, *facts))
    if told is None or bound.usage.input_tokens is None or rewrites(body):
        return bound
    found = _new(body)
    if found.servers or found.references or found.refusals or (found.images and capacity.image is None):
        return bound
    new = found.tokens + found.images * (capacity.image or 0)
    if told + new + SEAM >= bound.usage.input_tokens:
        return bound
    why = f"input: {told} tokens that the answer before leaves + {new} bytes that are new + {SEAM}"
    return replace(bound, usage=replace(bound.usage, input_tokens=told + new + SEAM), why=(*bound.why, why))


def _new(body: Mapping[str, Any]) -> Tally:
    """All of a request but what it goes on from."""
    table = table_of(DIALECT)
    assert table is not None
    found = Tally()
    table.request.take({key: value for key, value in body.items() if key != MEMBER}, "", found)
    return found
