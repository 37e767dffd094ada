"""What comes later than the call that asked for it, and may pass through any node of a fleet."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Protocol

import msgspec

from tollway.ledger.awaited import KEPT_US
from tollway.ledger.fleet.names import Names
from tollway.model import CallRecord

MOST_AT_ONCE = 100
"""Ends that a node takes from its inbox in one go."""


class Desk(Protocol):
    """Where Redis is asked."""

    @property
    def names(self) -> Names:
        """Of its keys."""

    def ask(self, *words: Any) -> Any:
        """What a command answers. Raises LedgerError."""


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A call whose end is waited for, and whose journal its row is in."""

    node: str
    call: CallRecord


def key_of(desk: Desk, kind: str, name: str) -> str:
    """Where something is kept under a name."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return desk.names.named(f"{kind}:{digest}")


def keep(desk: Desk, name: str, named: Named) -> None:
    """Have others find a call by a name."""
    text = msgspec.msgpack.encode(named)
    desk.ask("SET", key_of(desk, "later", name), text, "PX", KEPT_US // 1_000)


def find(desk: Desk, name: str) -> Named | None:
    """The call of a name, whoever's it is."""
    text = desk.ask("GET", key_of(desk, "later", name))
    return None if text is None else msgspec.msgpack.decode(text, type=Named)


def send(desk: Desk, node: str, call: CallRecord) -> None:
    """Leave a call's end with the node whose journal it is in."""
    name = inbox(desk, node)
    desk.ask("RPUSH", name, msgspec.msgpack.encode(call))
    desk.ask("PEXPIRE", name, KEPT_US // 1_000)


def waiting(desk: Desk, node: str) -> Sequence[CallRecord]:
    """What was left with a node; it stays until it is `taken`."""
    texts = desk.ask("LRANGE", inbox(desk, node), 0, MOST_AT_ONCE - 1)
    return [msgspec.msgpack.decode(text, type=CallRecord) for text in texts]


def taken(desk: Desk, node: str, count: int) -> None:
    """So many of the first are in the journal by now."""
    desk.ask("LTRIM", inbox(desk, node), count, -1)


def inbox(desk: Desk, node: str) -> str:
    """Where ends are left for a node."""
    return desk.names.named(f"inbox:{node}")


def note(desk: Desk, name: str, text: str) -> None:
    """As `Awaiting.note`."""
    desk.ask("SET", key_of(desk, "note", name), text, "PX", KEPT_US // 1_000)


def noted(desk: Desk, name: str) -> str | None:
    """As `Awaiting.noted`."""
    text = desk.ask("GET", key_of(desk, "note", name))
    return None if text is None else text.decode()
