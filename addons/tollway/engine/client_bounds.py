"""What one client gets of a proxy at the most, whatever it sends or does not send."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

_SIZE = re.compile(r"([1-9][0-9]{0,8}) ?(B|KB|MB)?")
_SIZES = {None: 1, "B": 1, "KB": 1_000, "MB": 1_000_000}
_TIME = re.compile(r"([1-9][0-9]{0,8})(s|m|h)")
_TIMES = {"s": 1, "m": 60, "h": 3_600}
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBounds:
    """What is beyond them is closed, but for a body, which is answered with 413."""

    connections: int = 8_000
    """Of clients, at once, in one process."""
    head: int = 256_000
    """Bytes from the first of a hello or of a request's head to its end. Tokens alone may have 40 KB."""
    head_time: int = 30
    """Seconds for the same, and from a connection's beginning to its first whole hello or head."""
    body: int = 256_000_000
    """Bytes of a request's body that is kept, as it was sent; the largest that providers take have 200 MB."""
    body_time: int = 900
    """Seconds from a request's first byte to its last, of one that is kept."""
    idle: int = 900
    """Seconds of a connection without a call; a tunnel that is passed on, or a WebSocket, is not one."""


DEFAULTS = ClientBounds()


def parse(text: str) -> tuple[str, int]:
    """`NAME=VALUE` of one bound: `connections=4000`, `body=64MB`, `idle=5m`. Raises ValueError."""
    name, _, value = text.partition("=")
    read = _READ.get(name)
    if read is None:
        raise ValueError(f"{name!r} is no bound: there are {', '.join(_READ)}")
    return name, read(value)


def bounds(named: Iterable[tuple[str, int]]) -> ClientBounds:
    """The defaults, but for these."""
    values: dict[str, Any] = {name.replace("-", "_"): value for name, value in named}
    return replace(DEFAULTS, **values)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no number from 1 on")
    return int(text)


def _size(text: str) -> int:
    if (found := _SIZE.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is no size: write 64KB or 256MB")
    return int(found[1]) * _SIZES[found[2]]


def _seconds(text: str) -> int:
    if (found := _TIME.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is no length of time: write 30s, 15m or 1h")
    return int(found[1]) * _TIMES[found[2]]


_READ: Mapping[str, Callable[[str], int]] = {
    "connections": _number,
    "head": _size,
    "head-time": _seconds,
    "body": _size,
    "body-time": _seconds,
    "idle": _seconds,
}
