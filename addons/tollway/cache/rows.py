"""Answers as rows: how they are written, found, counted, and make room."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from tollway.cache.fault import Damaged
from tollway.cache.packing import packed, unpacked
from tollway.caching.recorded import Recorded
from tollway.caching.store import Cleared, Share, Which
from tollway.model import Usage

AT_ONCE = 64
"""Answers that are looked for, or deleted, in one step."""
PAGES_AT_ONCE = 500
"""Of 4 KiB, that are given back to the disk in one transaction."""
OVERHEAD = 512
"""Bytes that an answer takes beside its body and head, about: columns, indexes."""

_FIND = """SELECT id, rule, scope, provider, model, made_us, until_us, cost_nano, size, head, checksum
    FROM answers WHERE key = ? AND until_us > ?"""
_BODY = "SELECT body FROM bodies WHERE id = ?"
_PUT = f"INSERT INTO answers VALUES ({', '.join('?' * 14)})"
_HIT = "UPDATE answers SET hits = hits + ?, used_us = max(used_us, ?) WHERE key = ?"
_LAST = f"SELECT id, size FROM answers ORDER BY used_us LIMIT {AT_ONCE}"
_OVER = f"DELETE FROM answers WHERE id IN (SELECT id FROM answers WHERE until_us <= ? LIMIT {AT_ONCE})"
_SHARES = """SELECT rule, scope, provider, model, count(*), sum(size), sum(hits), sum(hits * cost_nano)
    FROM answers WHERE until_us > ? GROUP BY 1, 2, 3, 4 ORDER BY 6 DESC, 1, 2, 3, 4"""
_WHICH = """(:rule IS NULL OR rule = :rule) AND (:model IS NULL OR model = :model)
    AND (:scope IS NULL OR scope = :scope
        OR instr(:scope, ' ') = 0 AND substr(scope, 1, length(:scope) + 1) = :scope || ' ')"""


class Head(Struct, frozen=True, array_like=True):
    """All that no column has of an answer, but its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    stream: bool
    call: str
    usage: Mapping[str, int]
    """What the provider reported."""
    length: int
    """Of the body, unpacked."""
    packed: bool


class Found(Struct, frozen=True):
    """An answer whose body was not read yet."""

    id: int
    key: bytes
    row: tuple[str, str, str, str | None, int, int, int]
    size: int
    head: bytes
    told: Head
    """What the head says."""
    checksum: int


class Ready(Struct, frozen=True):
    """An answer, ready to be written."""

    key: bytes
    answer: Recorded
    head: bytes
    body: bytes

    @property
    def size(self) -> int:
        """Bytes, as it is kept."""
        return len(self.head) + len(self.body) + OVERHEAD


_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(Head).decode


def ready(key: bytes, answer: Recorded) -> Ready:
    """An answer as it is written: packed, where that pays."""
    body = packed(answer.body)
    head = Head(
        answer.status, answer.headers, answer.stream, answer.call, answer.usage.known(),
        len(answer.body), body is not None,
    )  # fmt: skip
    return Ready(key, answer, _encode(head), answer.body if body is None else body)


def put(db: sqlite3.Connection, each: Ready, most: int) -> None:
    """Write an answer in the place of one that is there, within a transaction. `most`: bytes of the file, for
    which what was used the longest ago makes room."""
    db.execute("DELETE FROM answers WHERE key = ?", (each.key,))
    make_room(db, most - each.size)
    answer, total = each.answer, crc32(each.body, crc32(each.head, crc32(each.key)))
    row = (
        None, each.key, answer.rule, answer.scope, answer.provider, answer.model, answer.made_us,
        answer.until_us, answer.made_us, 0, answer.cost_nano, each.size, each.head, total,
    )  # fmt: skip
    id = db.execute(_PUT, row).lastrowid
    db.execute("INSERT INTO bodies VALUES (?, ?)", (id, each.body))


def make_room(db: sqlite3.Connection, most: int) -> None:
    """Delete what was used the longest ago until the file has no more bytes in use than that."""
    while (excess := used(db) - most) > 0 and (last := db.execute(_LAST).fetchall()):
        for id, size in last:
            db.execute("DELETE FROM answers WHERE id = ?", (id,))
            excess -= size
            if excess <= 0:
                break


def used(db: sqlite3.Connection) -> int:
    """Bytes of the file that are in use."""
    pages, free, size = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def find(db: sqlite3.Connection, key: bytes, now_us: int) -> Found | None:
    """What is kept at a key, if it is not over. Raises Damaged."""
    row = db.execute(_FIND, (key, now_us)).fetchone()
    if row is None:
        return None
    id, *columns, size, head, checksum = row
    try:
        return Found(id, key, tuple(columns), size, head, _decode(head), checksum)
    except ValueError:
        raise Damaged from None


def whole(db: sqlite3.Connection, found: Found) -> Recorded | None:
    """An answer with its body; None: it was deleted meanwhile. Raises Damaged."""
    row = db.execute(_BODY, (found.id,)).fetchone()
    if row is None:
        return None
    (body,) = row
    if crc32(body, crc32(found.head, crc32(found.key))) != found.checksum:
        raise Damaged
    head = found.told
    rule, scope, provider, model, made_us, until_us, cost_nano = found.row
    return Recorded(
        status=head.status,
        headers=head.headers,
        body=unpacked(body, head.length) if head.packed else body,
        stream=head.stream,
        call=head.call,
        rule=rule,
        scope=scope,
        provider=provider,
        model=model,
        usage=msgspec.convert(head.usage, Usage),
        cost_nano=cost_nano,
        made_us=made_us,
        until_us=until_us,
    )


def hit(db: sqlite3.Connection, hits: Mapping[bytes, tuple[int, int]]) -> None:
    """Count hits, by key: how many there were, and when the last one was."""
    db.executemany(_HIT, [(count, at_us, key) for key, (count, at_us) in hits.items()])


def prune(db: sqlite3.Connection, now_us: int) -> None:
    """Delete what is over, step by step, so that nobody waits long for the file."""
    while db.execute(_OVER, (now_us,)).rowcount:
        pass


def give_back(db: sqlite3.Connection) -> None:
    """Give the room of what was deleted back to the disk, step by step; overwrite what the log has of it."""
    while db.execute("PRAGMA freelist_count").fetchone()[0]:
        db.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def shares(db: sqlite3.Connection, now_us: int) -> Sequence[Share]:
    """What is there and not over, by rule, scope, provider and model: the largest share first."""
    rows: Iterable[tuple[str, str, str, str | None, int, int, int, int]] = db.execute(_SHARES, (now_us,))
    return [
        Share(
            rule=rule, scope=scope, provider=provider, model=model,
            answers=answers, size=size, hits=hits, saved_nano=saved,
        )
        for rule, scope, provider, model, answers, size, hits, saved in rows
    ]  # fmt: skip


def clear(db: sqlite3.Connection, which: Which) -> Cleared:
    """Delete answers, all in one step."""
    asked = asdict(which)
    db.execute("BEGIN IMMEDIATE")
    try:
        answers, size = db.execute(
            f"SELECT count(*), coalesce(sum(size), 0) FROM answers WHERE {_WHICH}", asked
        ).fetchone()
        db.execute(f"DELETE FROM answers WHERE {_WHICH}", asked)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return Cleared(answers=answers, size=size)
