"""`Shelf`: a fleet's answers for the command line, on any machine."""

from collections.abc import Callable, Iterator, Sequence

from tollway.cache.fault import CacheError
from tollway.cache.fleet.kept import Facts, facts_of
from tollway.cache.fleet.names import AnswerNames
from tollway.cache.fleet.scripts import Scripts
from tollway.caching.store import Cleared, Share, Which
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.server import READ_SECONDS, Server, where

AT_ONCE = 1_000


class FleetShelf:
    """Where nothing was kept there is nothing."""

    def __init__(self, url: str) -> None:
        """Raises LedgerError for a URL that is none."""
        place = where(url)
        self._server = Server(place, READ_SECONDS)
        self._names = AnswerNames(place.organisation)
        self._scripts = Scripts(self._server, self._names)

    @property
    def place(self) -> str:
        """As `Shelf.place`."""
        return self._server.shown

    def size(self) -> int:
        """As `Shelf.size`: of Redis's memory, about."""
        return self._told(lambda: int(self._server.ask("GET", self._names.total) or 0))

    def stats(self, now_us: int) -> Sequence[Share]:
        """As `Shelf.stats`."""
        return self._told(lambda: self._stats(now_us))

    def clear(self, which: Which) -> Cleared:
        """As `Shelf.clear`, some at a time. What is kept meanwhile may stay."""
        return self._told(lambda: self._clear(which))

    def close(self) -> None:
        """As `Shelf.close`."""
        self._server.close()

    def _stats(self, now_us: int) -> list[Share]:
        sums: dict[tuple[str, str, str, str | None], list[int]] = {}
        for some in self._portions():
            told = {key: facts for key, facts in some.items() if facts and facts.until_us > now_us}
            if not told:
                continue
            hits = self._server.ask("HMGET", self._names.hits, *told)
            for facts, found in zip(told.values(), hits, strict=True):
                count = int(found or 0)
                more = (1, facts.size, count, count * facts.cost_nano)
                sum_ = sums.setdefault((facts.rule, facts.scope, facts.provider, facts.model), [0] * 4)
                sum_[:] = [a + b for a, b in zip(sum_, more, strict=True)]
        shares = [
            Share(
                rule=rule, scope=scope, provider=provider, model=model,
                answers=answers, size=size, hits=count, saved_nano=saved,
            )
            for (rule, scope, provider, model), (answers, size, count, saved) in sums.items()
        ]  # fmt: skip
        return sorted(shares, key=lambda one: (-one.size, one.rule, one.scope, one.provider, one.model or ""))

    def _clear(self, which: Which) -> Cleared:
        answers = size = 0
        for some in self._portions():
            cleared = self._scripts.delete([key for key, facts in some.items() if _is_one(facts, which)])
            answers, size = answers + cleared.answers, size + cleared.size
        return Cleared(answers=answers, size=size)

    def _portions(self) -> Iterator[dict[bytes, Facts | None]]:
        """What the index says of each answer, once, some at a time: of all that stay there meanwhile."""
        cursor, seen = 0, set[bytes]()
        while True:
            cursor, some = self._server.ask("HSCAN", self._names.facts, cursor, "COUNT", AT_ONCE)
            yield {key: facts_of(text) for key, text in some.items() if key not in seen}
            seen.update(some)
            if not cursor:
                return

    def _told[T](self, work: Callable[[], T]) -> T:
        try:
            return work()
        except LedgerError as error:
            raise CacheError(f"cache: {error}") from None


def _is_one(facts: Facts | None, which: Which) -> bool:
    """What can't be read is of any kind: whoever deletes all, deletes it."""
    return which == Which() if facts is None else facts.meets(which)
