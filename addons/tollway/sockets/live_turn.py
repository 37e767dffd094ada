"""One turn of a Gemini Live session, as its messages come."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
import orjson

from tollway.model import Report
from tollway.sockets.calls import Call
from tollway.sockets.events import How
from tollway.sockets.message import Members, inside, value, word
from tollway.wire.gemini_usage import tier_of, usage_of
from tollway.wire.strings import strings

_SEARCHES = 1000  # of one turn that are told apart
_NAMES = {"responseTokenCount": "candidatesTokenCount", "responseTokensDetails": "candidatesTokensDetails"}
"""What the Gemini API's Live calls what generateContent, and Vertex's Live, call otherwise."""
_FAILED = frozenset({"MALFORMED_FUNCTION_CALL", "RESPONSE_REJECTED"})


class _Sound(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"")


class _Part(msgspec.Struct):
    text: Any = None
    inlineData: _Sound | None = None  # as the format has it


_PARTS = msgspec.json.Decoder(list[_Part])


class Turn:
    """What is known of it so far."""

    def __init__(self, call: Call, metadata: object) -> None:
        self.call = call
        self.metadata = metadata
        """The last usage, as it came."""
        self.is_over = False
        self._is_interrupted = False
        self._reason: str | None = None
        self._queries: set[int] = set()  # by their hashes: what was searched for is nobody's business

    def take(self, content: Members, found: Members, metadata: object, is_over: bool) -> None:
        """Take a message: the server's content in it, all of it, its usage, and whether it ends the turn."""
        self.metadata = self.metadata if metadata is None else metadata
        self.is_over = self.is_over or is_over
        self._is_interrupted = self._is_interrupted or value(content, "interrupted") is True
        self._reason = word(content, "turnCompleteReason", 64) or self._reason
        queries = value(inside(content, "groundingMetadata"), "webSearchQueries")
        texts = (q for q in (queries if isinstance(queries, list) else ()) if isinstance(q, str) and q)
        self._queries.update(islice(map(hash, texts), _SEARCHES - len(self._queries)))
        for text in self._texts(content, found):
            self.call.delivered.add(orjson.dumps(text)[1:-1])

    def how(self) -> How:
        """How it ended, if it did."""
        if not self.is_over:
            return How.CUT
        if self._is_interrupted:
            return How.CANCELLED
        return How.FAILED if self._reason in _FAILED else How.COMPLETED

    def searches(self) -> int | None:
        """The web searches that ground it."""
        return len(self._queries) or None

    def _texts(self, content: Members, found: Members) -> Iterator[str]:
        yield from strings(value(found, "toolCall"), value(content, "outputTranscription"))
        for part in _parts(inside(content, "modelTurn")):
            if isinstance(part.text, str):
                yield part.text
            if part.inlineData is not None:
                self.call.sound += max(len(memoryview(part.inlineData.data)) - 2, 0) * 3 // 4  # base64


def report(turn: Turn, model: str | None) -> Report:
    """What the turn used."""
    metadata: Mapping[str, Any] = turn.metadata if isinstance(turn.metadata, dict) else {}
    counted = {_NAMES.get(name, name): n for name, n in metadata.items()}
    return Report(
        usage=usage_of(counted, turn.searches()),
        model=model,
        tier=tier_of(metadata),
        complete=turn.is_over,
        error="blocked: rejected" if turn.how() is How.FAILED else None,
    )


def _parts(turn: Members) -> list[_Part]:
    try:
        return _PARTS.decode(bytes(turn["parts"])) if "parts" in turn else []
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
