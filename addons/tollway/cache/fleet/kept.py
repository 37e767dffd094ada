"""An answer as Redis has it: a text that shows whether it is whole, in pieces that each take Redis no time;
and some facts for those who look."""

from collections.abc import Mapping
from zlib import crc32

import msgspec
from msgspec import Struct

from tollway.cache.fault import Damaged
from tollway.cache.packing import packed, unpacked
from tollway.caching.recorded import Recorded
from tollway.caching.store import Which
from tollway.model import Usage

OVERHEAD = 1024
"""Bytes that an answer takes in Redis beside its string, about: names, five places in the index."""
CHECKED = 4
"""Bytes at the end of a text: the CRC-32 of the others."""
PIECE = 256 * 1024
"""Bytes: while Redis takes or gives more than that, who asks for admission waits."""
FIRST, OF = "0", "of"
"""Fields of the hash that has the pieces: the first one, and what tells of the others."""


class Kept(Struct, frozen=True, array_like=True):
    """What a text says."""

    key: bytes
    """Whose answer it is: what came for another question answers none."""
    status: int
    headers: tuple[tuple[str, str], ...]
    stream: bool
    call: str
    rule: str
    scope: str
    provider: str
    model: str | None
    usage: Mapping[str, int]
    """What the provider reported."""
    cost_nano: int
    made_us: int
    until_us: int
    length: int
    """Of the body, unpacked."""
    packed: bool
    body: bytes


class Facts(Struct, frozen=True, array_like=True):
    """What is known of an answer without reading it. Scripts read the first."""

    size: int
    rule: str
    scope: str
    provider: str
    model: str | None
    until_us: int
    cost_nano: int

    def meets(self, which: Which) -> bool:
        """Whether it is one of those."""
        return (
            which.rule in (None, self.rule)
            and which.model in (None, self.model)
            and (which.scope is None or _is_in(self.scope, which.scope))
        )


class Ready(Struct, frozen=True):
    """An answer, ready to be sent to Redis."""

    pieces: tuple[tuple[str, bytes], ...]
    """Fields of its hash, and what is in them."""
    facts: bytes
    size: int
    """Bytes that it takes there, about."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode
_decode_facts = msgspec.msgpack.Decoder(Facts).decode


def ready(key: bytes, answer: Recorded) -> Ready:
    """An answer as it is kept: packed, where that pays. Raises ValueError for a text that is none."""
    less = packed(answer.body)
    body = answer.body if less is None else less
    kept = Kept(
        key, answer.status, answer.headers, answer.stream, answer.call, answer.rule, answer.scope,
        answer.provider, answer.model, answer.usage.known(), answer.cost_nano, answer.made_us,
        answer.until_us, len(answer.body), less is not None, body,
    )  # fmt: skip
    said = _encode(kept)
    text = said + crc32(said).to_bytes(CHECKED)
    size = len(text) + OVERHEAD
    facts = Facts(
        size, answer.rule, answer.scope, answer.provider, answer.model, answer.until_us, answer.cost_nano
    )
    return Ready(_pieces(text), _encode(facts), size)


def _pieces(text: bytes) -> tuple[tuple[str, bytes], ...]:
    mark = text[-CHECKED:].hex()
    found = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    others = ((f"{mark}:{place}", piece) for place, piece in enumerate(found[1:], 1))
    return (OF, f"{len(found)} {mark}".encode()), (FIRST, found[0]), *others


def others(of: bytes) -> tuple[str, ...]:
    """The fields behind the first, by what tells of them: in another answer they are called otherwise. Raises
    Damaged."""
    try:
        count, mark = of.decode().split()
        return tuple([f"{mark}:{place}" for place in range(1, int(count))])
    except ValueError:
        raise Damaged from None


def whole(text: bytes, key: bytes, now_us: int) -> Recorded | None:
    """The answer that a text is, all of its pieces; None: it is over. Raises Damaged."""
    said = memoryview(text)[:-CHECKED]
    if crc32(said) != int.from_bytes(text[-CHECKED:]):
        raise Damaged
    try:
        kept = _decode(said)
        usage = msgspec.convert(kept.usage, Usage)
    except ValueError:
        raise Damaged from None
    if kept.key != key:
        raise Damaged
    if kept.until_us <= now_us:
        return None
    return Recorded(
        status=kept.status,
        headers=kept.headers,
        body=unpacked(kept.body, kept.length) if kept.packed else kept.body,
        stream=kept.stream,
        call=kept.call,
        rule=kept.rule,
        scope=kept.scope,
        provider=kept.provider,
        model=kept.model,
        usage=usage,
        cost_nano=kept.cost_nano,
        made_us=kept.made_us,
        until_us=kept.until_us,
    )


def facts_of(text: bytes) -> Facts | None:
    """What the index says of an answer; None: nothing that can be read."""
    try:
        return _decode_facts(text)
    except ValueError:
        return None


def _is_in(scope: str, asked: str) -> bool:
    """By its name, or by its kind."""
    return scope == asked or (" " not in asked and scope.startswith(f"{asked} "))
