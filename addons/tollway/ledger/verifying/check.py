"""What is looked for in a ledger, each as a query that finds what is wrong: ids, or words."""

from typing import NamedTuple

from tollway.ledger.row import BOUND
from tollway.model import USAGE_FIELDS

_PARTS = "input_nano + cache_read_nano + cache_write_nano + output_nano + other_nano"
_AMOUNTS = ("cost_nano", "saved_nano", *_PARTS.split(" + "), "request_bytes", "response_bytes")
_COUNTED = (*USAGE_FIELDS, *BOUND, *_AMOUNTS)


class Check(NamedTuple):
    """What has to be true."""

    name: str
    wrong: str
    """A query: a row for each thing that is not so."""
    mend: str
    """What to do about these."""


RESTORE = "restore a backup; until then `tollway ledger export` saves the rows that can be read"
RECOUNT = (
    "start `tollway serve` or `run` with the policy: it counts rows that were not counted yet; if this "
    "stays, report it"
)
UNKNOWN = "something else wrote to this file: put it right in SQLite, or restore a backup"

CHECKS = (
    Check(
        "parts add up to the cost",
        f"SELECT id FROM calls WHERE cost_nano <> {_PARTS}",
        UNKNOWN,
    ),
    Check(
        "nothing is below zero",
        f"SELECT id FROM calls WHERE min({', '.join(f'coalesce({name}, 0)' for name in _COUNTED)}) < 0",
        UNKNOWN,
    ),
    Check(
        "states are known",
        "SELECT id FROM calls WHERE state NOT IN ('open', 'done', 'lost')",
        UNKNOWN,
    ),
    Check(
        "each id has one row",
        "SELECT id FROM calls GROUP BY id HAVING count(*) > 1",
        "rebuild the index: `sqlite3 FILE 'REINDEX calls'`; it names what is there twice",
    ),
    Check(
        "what rows name is there",
        """SELECT id FROM calls WHERE policy IS NOT NULL AND policy NOT IN (SELECT id FROM policies)
            UNION ALL SELECT 'bucket ' || id FROM buckets WHERE id NOT IN (SELECT bucket FROM balances)
            UNION ALL SELECT 'balance ' || bucket FROM balances WHERE bucket NOT IN (SELECT id FROM buckets)
            UNION ALL SELECT 'process ' || process FROM keeping
                WHERE policy NOT IN (SELECT id FROM policies)""",
        UNKNOWN,
    ),
    Check(
        "buckets hold what open calls hold",
        """SELECT 'bucket ' || buckets.name FROM buckets JOIN balances ON balances.bucket = buckets.id
            LEFT JOIN (SELECT CAST(key AS INTEGER) AS bucket, sum(value) AS held
                FROM calls INDEXED BY calls_open, json_each(holds) WHERE state = 'open' GROUP BY key) AS open
                ON open.bucket = buckets.id
            WHERE coalesce(slot_us, 0) = 0 AND balances.held <> coalesce(open.held, 0)""",
        RECOUNT,
    ),
    Check(
        "rolling windows have their minutes",
        """SELECT 'bucket ' || name FROM buckets JOIN balances ON balances.bucket = buckets.id
            WHERE rolling_us IS NOT NULL AND slot_us IS NULL AND settled <> (SELECT coalesce(sum(settled), 0)
                FROM minutes WHERE minutes.bucket = buckets.id AND minute >= horizon)""",
        RECOUNT,
    ),
    Check(
        "alerts are of buckets that are there",
        """SELECT 'bucket ' || bucket || ' at ' || level || ' %' FROM alerts
            WHERE bucket NOT IN (SELECT id FROM buckets)""",
        "they are forgotten as the next `tollway serve` or `run` starts",
    ),
    Check(
        "merged rows stand for their calls",
        """SELECT id FROM calls
            LEFT JOIN (SELECT merged, count(*) AS size FROM cut GROUP BY merged) ON merged = calls.rowid
            WHERE iif(calls > 1, coalesce(size, 0) <> calls OR state <> 'done' OR holds IS NOT NULL,
                size IS NOT NULL)
            UNION ALL SELECT id FROM cut WHERE id IN (SELECT id FROM calls)
            UNION ALL SELECT id FROM cut WHERE merged NOT IN (SELECT rowid FROM calls)""",
        "import what `tollway ledger prune --archive` wrote into a ledger of its own, and compare",
    ),
)
"""But for the file itself, and what takes a policy or a look at processes."""
