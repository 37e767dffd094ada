"""Reading the ledger in an SQLite file.

A report reads the rows themselves: there is no roll-up beside them that could differ. To add up a million
rows in about a second, it reads them in portions that fit the processor's cache (SQLite sorts to group:
all at once takes three times as long), in several threads (SQLite lets go of the GIL), and adds up rare units
over an index of the rows that have them.
"""

import operator
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from tollway.backtest.attempt import Attempt
from tollway.discovery.sighting import Sighting
from tollway.ledger import told, tunnels, unanswered
from tollway.ledger.attempts import attempt
from tollway.ledger.attempts import query as attempts_of
from tollway.ledger.attributes import Where, expression, only
from tollway.ledger.charged import Charged, charged, query
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.cutting.known import generation
from tollway.ledger.fault import FAULTS, LedgerError, unread
from tollway.ledger.migrate import missing
from tollway.ledger.orphaned import orphaned
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.standing import holds, past, standing
from tollway.ledger.statements import Unanswered
from tollway.ledger.store import EARLIEST_US, LATEST_US, BucketRow, Group, Held, Told
from tollway.ledger.sums import Sums
from tollway.model import USAGE_FIELDS, CallRecord
from tollway.paths import is_there

PORTION = 16_384
"""Rows: measured; the time is flat between 8,000 and 32,000."""
THREADS = 4

SHOWN = 3
"""Ids, where several begin alike."""
LAST = "\U0010ffff"
"""Comes after all that an id has."""

COMMON = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "web_searches",
)  # fmt: skip
RARE = tuple(name for name in USAGE_FIELDS if name not in COMMON)
"""The units that the index `calls_rare` is about."""

_MONEY = (
    "sum(calls)",
    "sum(cost_nano) FILTER (WHERE billing = 'metered')",
    "sum(cost_nano) FILTER (WHERE billing <> 'metered')",
    "sum(cost_nano) FILTER (WHERE billing = 'metered' AND cost_source = 'estimated')",
    "sum(saved_nano) FILTER (WHERE billing = 'metered')",
    "sum(cost_nano) FILTER (WHERE state = 'lost' AND billing = 'metered' AND awaited_us IS NOT NULL)",
)
"""The fields of Sums but `usage`, in their order."""
_WHEN = ("min(started_us)", "max(started_us)")
"""Its last two fields."""

_MERGED = """SELECT cut.id, calls.id FROM cut JOIN calls ON calls.rowid = cut.merged
    WHERE cut.id >= ? AND cut.id < ? ORDER BY cut.id LIMIT 1"""

Portion = tuple[int, int, int]
"""The period's name, and the span [since, until) within it."""
Found = dict[tuple[int, Group], tuple[int | None, ...]]
"""Sums by period and group; None: over nothing."""


_OTHERS: dict[str, Callable[[int, int], int]] = {"min": min, "max": max}
"""What becomes of a column otherwise than by adding up, by its name in SQL and here."""


def _join(expression: str) -> str:
    """How what portions found for an expression becomes one, in SQL."""
    name = expression.partition("(")[0]
    return name if name in _OTHERS else "sum"


@dataclass(frozen=True, slots=True)
class _Question:
    """Sums that each portion is asked for. Answers gather in a temporary table, and are added up there."""

    table: str
    sums: tuple[str, ...]
    index: str
    """Has all the rows that matter."""
    matter: str = "TRUE"

    def create(self, width: int, number: int = 0) -> str:
        return f"CREATE TEMP TABLE {self._of(number)} ({', '.join(self._names(width))})"

    def ask(self, by: Sequence[str], where: Where = (), number: int = 0) -> str:
        group = [expression(name) for name in by]
        return (
            f"INSERT INTO {self._of(number)} SELECT {', '.join(('?', *group, *self.sums))} FROM calls "
            f"INDEXED BY {self.index} WHERE started_us >= ? AND started_us < ? AND {self.matter}{only(where)}"
            + (f" GROUP BY {', '.join(group)}" if group else "")
        )

    def add_up(self, width: int, number: int = 0) -> str:
        names = self._names(width)
        key, sums = names[: width + 1], names[width + 1 :]
        joins = zip(map(_join, self.sums), sums, strict=True)
        wanted = ", ".join([*key, *(f"{join}({name})" for join, name in joins)])
        return f"SELECT {wanted} FROM {self._of(number)} GROUP BY {', '.join(key)}"

    def _of(self, number: int) -> str:
        """The table of one of several groupings."""
        return f"{self.table}{number}" if number else self.table

    def _names(self, width: int) -> list[str]:
        return ["period", *(f"g{i}" for i in range(width)), *(f"s{i}" for i in range(len(self.sums)))]


_QUESTIONS = (
    _Question("common", (*_MONEY, *(f"sum({name})" for name in COMMON), *_WHEN), "calls_started"),
    _Question(
        "rare",
        tuple(f"sum({name})" for name in RARE),
        "calls_rare",
        f"coalesce({', '.join(RARE)}) IS NOT NULL",
    ),
)

_JOINS = tuple([_OTHERS.get(_join(each), operator.add) for each in _QUESTIONS[0].sums])


class SqliteBooks:
    """Reads an SQLite file: what is committed, also while others write."""

    def __init__(self, path: Path) -> None:
        """Raises LedgerError. An older release's file is brought up to date first."""
        if not is_there(path):
            raise LedgerError(f"ledger {path}: there is no such file")
        self._path = path
        self.db = connect_to_read(path)
        try:
            if missing(self.db, path):
                connect(path, "process").close()
        except BaseException as error:
            self.db.close()
            if isinstance(error, FAULTS):
                raise unread(error, path) from None
            raise

    def close(self) -> None:
        """As `Books.close`."""
        self.db.close()

    def calls(self, since_us: int = EARLIEST_US, until_us: int = LATEST_US) -> Iterator[CallRecord]:
        """As `Books.calls`."""
        span = "started_us >= ? AND started_us < ?"
        sql = f"SELECT {', '.join(COLUMNS)} FROM calls WHERE {span} ORDER BY started_us, rowid"
        try:
            yield from map(call_of, self.db.execute(sql, (since_us, until_us)))
        except FAULTS as error:
            raise unread(error, self._path) from None

    def call(self, id: str) -> CallRecord:
        """As `Books.call`."""
        sql = f"SELECT {', '.join(COLUMNS)} FROM calls WHERE id >= ? AND id < ? ORDER BY id LIMIT {SHOWN + 1}"
        try:
            found = [call_of(row) for row in self.db.execute(sql, (id, id + LAST))]
        except FAULTS as error:
            raise unread(error, self._path) from None
        exact = [call for call in found if call.id == id]
        if len(found) == 1 or exact:
            return (exact or found)[0]
        if not found:
            raise LedgerError(f"ledger {self._path}: {self._missing(id)}")
        ids = ", ".join([call.id for call in found[:SHOWN]] + ["..."] * (len(found) > SHOWN))
        raise LedgerError(f"several calls have an id that begins with {id!r}: {ids}")

    def _missing(self, id: str) -> str:
        row = self.db.execute(_MERGED, (id, id + LAST)).fetchone()
        if row is None:
            return f"it has no call whose id begins with {id[:40]!r}"
        said = f"call {row[0]} was merged into {row[1]} by `tollway ledger prune`"
        return f"{said}; what was archived then has it"

    def charged(
        self, by: Sequence[str], since_us: int = EARLIEST_US, until_us: int = LATEST_US
    ) -> Iterator[Charged]:
        """As `Books.charged`."""
        try:
            yield from map(charged, self.db.execute(query(by), (since_us, until_us)))
        except FAULTS as error:
            raise unread(error, self._path) from None

    def attempts(
        self, names: Sequence[str], since_us: int = EARLIEST_US, until_us: int = LATEST_US
    ) -> Iterator[Attempt]:
        """As `Recorded.attempts`."""
        try:
            yield from map(attempt, self.db.execute(attempts_of(names), (since_us, until_us)))
        except FAULTS as error:
            raise unread(error, self._path) from None

    def tunnels(self, since: str, until: str) -> list[Sighting]:
        """As `Books.tunnels`."""
        try:
            return tunnels.kept(self.db, since, until)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def told(self, since_us: int = EARLIEST_US) -> list[Told]:
        """As `Books.told`."""
        try:
            return told.told(self.db, since_us)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def buckets(self, now_us: int) -> list[BucketRow]:
        """As `Books.buckets`."""
        try:
            return standing(self.db, self._path, now_us)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def past(self, since_us: int, until_us: int) -> list[BucketRow]:
        """As `Statements.past`."""
        try:
            return past(self.db, since_us, until_us)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def unanswered(
        self,
        by: Sequence[str],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> list[Unanswered]:
        """As `Statements.unanswered`."""
        try:
            return unanswered.found(self.db, by, since_us, until_us, end_of, where)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def holds(self) -> list[Held]:
        """As `Books.holds`."""
        try:
            return holds(self.db, self._path)
        except FAULTS as error:
            raise unread(error, self._path) from None

    def orphaned(self) -> frozenset[str]:
        """As `Books.orphaned`."""
        try:
            return orphaned(self.db, self._path)
        except (*FAULTS, OSError) as error:
            raise unread(error, self._path) from None

    def sums(
        self,
        by: Sequence[str],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> dict[tuple[int, Group], Sums]:
        """As `Books.sums`."""
        return self.several([by], since_us, until_us, end_of, where)[0]

    def several(
        self,
        groupings: Sequence[Sequence[str]],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> list[dict[tuple[int, Group], Sums]]:
        """As `Statements.several`. A call is counted once, as it is when its portion is read.

        Unless rows are merged meanwhile, which may move a call from one portion to another: then all portions
        are read once more, in one state of the file.
        """
        try:
            portions = tuple(self._portions(since_us, until_us, end_of))
            before = generation(self.db)
            every = self._add_up(groupings, where, portions)
            if generation(self.db) != before:
                every = self._read(groupings, where, deque(portions), one_state=True)
        except FAULTS as error:
            raise unread(error, self._path) from None
        return [
            {key: _sums(row, rare.get(key, ())) for key, row in common.items() if row[0]}
            for common, rare in every
        ]

    def _add_up(
        self, groupings: Sequence[Sequence[str]], where: Where, portions: Sequence[Portion]
    ) -> list[tuple[Found, Found]]:
        left = deque(portions)
        threads = max(1, min(len(portions), THREADS, os.cpu_count() or 1))
        every: list[tuple[Found, Found]] = [({}, {}) for _ in groupings]
        with ThreadPoolExecutor(threads) as pool:
            for found in pool.map(lambda _: self._read(groupings, where, left), range(threads)):
                for (common, rare), more in zip(every, found, strict=True):
                    _merge(common, more[0], _JOINS)
                    _merge(rare, more[1])
        return every

    def _portions(
        self, since_us: int, until_us: int, end_of: Callable[[int], int] | None
    ) -> Iterator[Portion]:
        """Spans that hold all calls, none of them much longer than PORTION rows, none across two periods."""
        start = self._first_from(since_us)
        while start is not None and start < until_us:
            period, end = start, until_us if end_of is None else min(end_of(start), until_us)
            while start < end:
                cut = self._first_from(start, skip=PORTION) or end
                cut = min(cut if cut > start else start + 1, end)
                yield period, start, cut
                start = cut
            start = self._first_from(end)

    def _first_from(self, us: int, skip: int = 0) -> int | None:
        sql = "SELECT started_us FROM calls WHERE started_us >= ? ORDER BY started_us LIMIT 1 OFFSET ?"
        found = self.db.execute(sql, (us, skip)).fetchone()
        return found[0] if found else None

    def _read(
        self,
        groupings: Sequence[Sequence[str]],
        where: Where,
        portions: deque[Portion],
        one_state: bool = False,
    ) -> list[tuple[Found, Found]]:
        """What one thread adds up, over a connection of its own: answers to both questions, by grouping.

        It takes portions from those that are left, until another thread took the last. `one_state`: all of
        them as one moment had them.
        """
        values = [value for _, value in where]
        asked = [(n, by, question) for n, by in enumerate(groupings) for question in _QUESTIONS]
        with closing(connect_to_read(self._path)) as db:
            for n, by, question in asked:
                db.execute(question.create(len(by), n))
            if one_state:
                db.execute("BEGIN")
            with suppress(IndexError):
                while True:
                    portion = portions.popleft()
                    if not one_state:
                        db.execute("BEGIN")  # one state of the portion for all questions
                    for n, by, question in asked:
                        db.execute(question.ask(by, where, n), (*portion, *values))
                    if not one_state:
                        db.execute("COMMIT")
            return [
                (self._answer(db, _QUESTIONS[0], by, n), self._answer(db, _QUESTIONS[1], by, n))
                for n, by in enumerate(groupings)
            ]

    @staticmethod
    def _answer(db: sqlite3.Connection, question: _Question, by: Sequence[str], n: int) -> Found:
        return _found(db.execute(question.add_up(len(by), n)), len(by))


def _found(rows: Iterable[tuple[Any, ...]], width: int) -> Found:
    return {(row[0], row[1 : width + 1]): row[width + 1 :] for row in rows}


def _merge(found: Found, more: Found, joins: Iterable[Callable[[int, int], int]] = ()) -> None:
    """Add up what two threads found. `joins`: how a column's values become one, where not all are sums."""
    for key, row in more.items():
        known = found.get(key)
        if known is not None:
            both = zip(known, row, joins or repeat(operator.add), strict=False)
            row = tuple([b if a is None else a if b is None else join(a, b) for a, b, join in both])
        found[key] = row


def _sums(common: Sequence[int | None], rare: Sequence[int | None]) -> Sums:
    money, counts, when = common[: len(_MONEY)], common[len(_MONEY) : -len(_WHEN)], common[-len(_WHEN) :]
    counts = (*counts, *rare)
    usage = {name: count for name, count in zip(COMMON + RARE, counts, strict=False) if count is not None}
    calls, cost, notional, estimated, saved, unsettled = (amount or 0 for amount in money)
    return Sums(calls, cost, notional, estimated, usage, saved, unsettled, *when)
