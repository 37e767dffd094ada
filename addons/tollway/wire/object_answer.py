"""Reads an answer that is one JSON object, whatever its members mean."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Report
from tollway.wire.strings import strings
from tollway.wire.whole_json import LIMIT, WholeJson

type Body = Mapping[str, Any]


def _no_texts(body: Body) -> Iterable[object]:
    return ()


class ObjectAnswer:
    """What a dialect tells of the object; whether its end was seen is added."""

    def __init__(
        self,
        tell: Callable[[Body], Report],
        wanted: tuple[str, ...],
        texts: Callable[[Body], Iterable[object]] = _no_texts,
        limit: int = LIMIT,
    ) -> None:
        """`wanted`: the members that `tell` looks at. `texts`: what the model wrote, strings at any depth.

        `limit`: bytes up to which the object is parsed; of a larger one both ends are looked into.
        """
        self._tell, self._texts = tell, texts
        self._body = WholeJson(wanted, limit)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        return replace(self._tell(self._body.object()), complete=self._body.complete())

    def delivered(self) -> bytes:
        """The texts that came so far."""
        return "".join(strings(*self._texts(self._body.object()))).encode("utf-8", "replace")
