"""Texts as rows: how they are written, read, and deleted on time."""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from tollway.texts.store import DELETED, Text

WORTH = 0.9
"""What a text has to shrink to, to be kept compressed."""
AT_ONCE = 50
"""Texts that are deleted in one transaction: so others never wait long."""
PAGES_AT_ONCE = 500
"""Of 4 KiB, that are given back to the disk in one transaction."""

_COLUMNS = "call, part, rule, kept_us, until_us, dialect, media_type, size, whole, why_not, coding, body"
_PUT = f"INSERT OR REPLACE INTO texts ({_COLUMNS}) VALUES ({', '.join('?' * 12)})"
_OF = f"SELECT {_COLUMNS} FROM texts WHERE call = ? ORDER BY part"  # "request" comes before "response"
_OVER = f"""UPDATE texts SET body = NULL, coding = NULL, why_not = '{DELETED}' WHERE id IN (
    SELECT id FROM texts WHERE body IS NOT NULL AND until_us <= ? LIMIT {AT_ONCE})"""


def put(db: sqlite3.Connection, texts: Iterable[Text]) -> None:
    """Write them, all or none; one that is there already is replaced."""
    rows = [_row(text) for text in texts]
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany(_PUT, rows)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def of(db: sqlite3.Connection, call: str, now_us: int) -> Sequence[Text]:
    """The texts of a call. What is over is not shown, whether it is deleted yet or not."""
    found = [_text(*row) for row in db.execute(_OF, (call,)).fetchall()]
    return [
        replace(text, body=None, why_not=DELETED)
        if text.body is not None and text.until_us <= now_us
        else text
        for text in found
    ]


def prune(db: sqlite3.Connection, now_us: int) -> bool:
    """Delete the bodies that are over, with all of their bytes; what they were of stays known.

    Step by step, so that nobody waits long for the file. False: another process reads the log, where deleted
    bytes may still stand: to be done again.
    """
    while db.execute(_OVER, (now_us,)).rowcount:
        pass
    while _free(db):
        db.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
    busy, log, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy or not log


def _free(db: sqlite3.Connection) -> int:
    count: int = db.execute("PRAGMA freelist_count").fetchone()[0]
    return count


def _row(text: Text) -> tuple[object, ...]:
    coding, body = None, text.body
    if body is not None and len(packed := zlib.compress(body)) < len(body) * WORTH:
        coding, body = "zlib", packed
    return (
        text.call, text.part, text.rule, text.kept_us, text.until_us, text.dialect, text.media_type,
        text.size, int(text.whole), text.why_not, coding, body,
    )  # fmt: skip


def _text(
    call: str, part: str, rule: str, kept_us: int, until_us: int, dialect: str, media_type: str, size: int,
    whole: int, why_not: str | None, coding: str | None, body: bytes | None,
) -> Text:  # fmt: skip
    return Text(
        call=call,
        part="request" if part == "request" else "response",
        rule=rule,
        kept_us=kept_us,
        until_us=until_us,
        dialect=dialect,
        media_type=media_type,
        size=size,
        whole=bool(whole),
        why_not=why_not,
        body=zlib.decompress(body) if coding is not None and body is not None else body,
    )
