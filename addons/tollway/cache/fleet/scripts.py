"""What is done to answers in Redis, each in one step; from one thread."""

import secrets
from collections.abc import Mapping, Sequence

from tollway.cache.fleet.kept import Ready
from tollway.cache.fleet.names import AnswerNames
from tollway.caching.recorded import Recorded
from tollway.caching.store import Cleared
from tollway.ledger.fleet.server import Server, script

AT_ONCE = 64
"""Answers that one step deletes: Redis does nothing else meanwhile."""
BYTES_AT_ONCE = 8 * 2**20
"""After which a step that deletes ends: to give memory back takes time as well."""
HITS_AT_ONCE = 500
COMING_MS = 60_000
"""After which Redis forgets the pieces of an answer whose writer has died."""
LARGE = 64 * 1024
"""Bytes, from which on an answer comes before the script that keeps it, which would copy it meanwhile."""
SOUND = (b"", b"noeviction")
"""What Redis may do where its memory ends: to say no. Else it deletes what others count on."""

_PACKAGE = "tollway.cache.fleet"
KEEP, ROOM, DELETE = (script("forget", name, package=_PACKAGE) for name in ("keep", "room", "delete"))
BEGIN, HIT = (script(name, package=_PACKAGE) for name in ("begin", "hit"))


class Scripts:
    """All raise LedgerError: nobody knows then whether it was done."""

    def __init__(self, server: Server, names: AnswerNames) -> None:
        self._server = server
        self._names = names
        self._coming = names.coming(secrets.token_hex(8))
        self._oldest: list[bytes] = []
        """Those that may have to make room next."""
        self.evicts: str | None = None
        """By which `maxmemory-policy` Redis deletes keys by itself, as far as is known; None: it does not."""

    def keep(self, key: bytes, answer: Recorded, as_kept: Ready, most: int) -> bool:
        """Keep an answer; False: it has no room, of `most` bytes."""
        lasts_ms = max(1, (answer.until_us - answer.made_us) // 1_000)
        values = (
            key, answer.made_us, answer.until_us, lasts_ms, as_kept.facts, as_kept.size, most
        )  # fmt: skip
        keys = (*self._names.index, self._names.answer(key), self._coming)
        if comes_before(as_kept):
            self._send(as_kept)
            text: tuple[str | bytes, ...] = ()
        else:
            text = tuple(each for piece in as_kept.pieces for each in piece)
        is_kept, policy = self._server.run(KEEP, keys, (*values, *text))
        self.evicts = policy.decode() if policy not in SOUND else None
        return bool(is_kept)

    def make_room(self, most: int, size: int) -> bool:
        """Delete what was used the longest ago, until `most` bytes have room for some more; False: they have
        not, and there is nothing to delete any more."""
        while True:
            values = (most, size, AT_ONCE, BYTES_AT_ONCE, *self._oldest)
            is_there, self._oldest = self._server.run(ROOM, self._keys(self._oldest), values)
            if is_there or not self._oldest:
                return bool(is_there)

    def prune(self, now_us: int) -> None:
        """Delete what is over."""
        what = ("ZRANGEBYSCORE", self._names.until, "-inf", now_us, "LIMIT", 0, AT_ONCE)
        while found := self._server.ask(*what):
            self.delete(found, now_us)

    def delete(self, some: Sequence[bytes], by: int | str = "+inf") -> Cleared:
        """Delete those of some, by their keys, that are over by then."""
        answers = size = seen = 0
        while these := some[seen : seen + AT_ONCE]:
            values = (by, BYTES_AT_ONCE, *these)
            looked_at, count, freed = self._server.run(DELETE, self._keys(these), values)
            answers, size, seen = answers + count, size + int(freed), seen + looked_at
        return Cleared(answers=answers, size=size)

    def hit(self, hits: Mapping[bytes, tuple[int, int]]) -> None:
        """Count hits, by key: how many there were, and when the last one was."""
        triples = [(key, count, at_us) for key, (count, at_us) in hits.items()]
        for start in range(0, len(triples), HITS_AT_ONCE):
            values = [each for triple in triples[start : start + HITS_AT_ONCE] for each in triple]
            self._server.run(HIT, self._names.index, values)

    def close(self) -> None:
        """Let go."""
        self._server.close()

    def _send(self, as_kept: Ready) -> None:
        """Have the pieces there: nobody finds them yet."""
        first, *others = as_kept.pieces
        self._server.run(BEGIN, (self._coming,), (COMING_MS, *first))
        for field, piece in others:
            self._server.ask("HSET", self._coming, field, piece)

    def _keys(self, some: Sequence[bytes]) -> tuple[str, ...]:
        return *self._names.index, *map(self._names.answer, some)


def comes_before(as_kept: Ready) -> bool:
    """Whether an answer's pieces come before the script that keeps it."""
    return as_kept.size >= LARGE
