"""What a row has that stands for several calls, in SQL: they have in common what reports group by and what
limits go by; what they cost and used is added up; the rest is let go of."""

from tollway.ledger.counted import ENDED, IS_REQUEST
from tollway.ledger.row import BOUND, LARGEST_COUNT, LARGEST_PART
from tollway.model import TO_COME, USAGE_FIELDS

MOST_MERGED = 1_000
"""Calls in one row: then its figures can't exceed what the table takes of one."""
MERGED = "merged"
"""In the place of a process."""
LETTER = "m"
"""The id of a merged row is that of its first call behind it."""

SHARED = tuple(
    """user team role service identity verified groups claims network client program credential account tags
    provider host operation model model_asked model_served tier stream billing cost_source price_version flags
    status error limits action cache policy""".split()
)
"""Columns that have one value in all calls of a row."""
PARTS = ("input_nano", "cache_read_nano", "cache_write_nano", "output_nano", "other_nano")
ADDED = (*USAGE_FIELDS, *PARTS, "cost_nano", "saved_nano", *BOUND, "request_bytes", "response_bytes")
"""Columns that are added up; NULL where no call has a value."""
MADE = ("id", "state", "started_us", "ended_us", "calls", "process")
"""Columns that have another value in the merged row: the first start, the last end."""
LET_GO = tuple(
    """session response_id first_byte_us max_output_tokens findings holds hard lease_us admitted_us
    awaited_us""".split()
)
"""Columns that are as of a row that says nothing of it."""

_LARGEST = 2**63 - 1


def _most(columns: tuple[str, ...], most: int) -> str:
    return f"max({', '.join(f'coalesce({name}, 0)' for name in columns)}) <= {most // MOST_MERGED}"


_IS_SMALL = " AND ".join(
    (
        _most(USAGE_FIELDS, LARGEST_COUNT),
        _most(PARTS, LARGEST_PART),
        _most(("cost_nano", "saved_nano"), 5 * LARGEST_PART),
        _most((*BOUND, "request_bytes", "response_bytes"), _LARGEST),
    )
)
_NOTHING_TO_COME = " AND ".join(f"instr(flags, '{flag}') = 0" for flag in sorted(TO_COME))
ELIGIBLE = f"""state = 'done' AND calls = 1 AND {ENDED} < :settled_us
    AND NOT EXISTS (SELECT 1 FROM awaited WHERE call = calls.id) AND {_NOTHING_TO_COME} AND {_IS_SMALL}"""
"""Which rows may be merged: of calls that are over, that nobody may end once more by a name, whose figures
are no outliers; not those that are lost, which an operator may let go of."""

_KEY = ", ".join((*SHARED, "bound_nano IS NULL", IS_REQUEST))

FIND = f"""SELECT calls.rowid, dense_rank() OVER (ORDER BY {_KEY}) AS alike
    FROM calls INDEXED BY calls_started WHERE started_us >= :from_us AND started_us < :until_us
        AND calls.rowid <= :upto AND {ELIGIBLE}
    ORDER BY alike"""
"""The rows of a slot of time, those together that may become one."""

BATCH = "CREATE TEMP TABLE batch (alike INTEGER, row INTEGER, PRIMARY KEY (alike, row)) WITHOUT ROWID"
"""Rows that are to be merged, by what becomes one."""
TOGETHER = (
    f"CREATE TEMP TABLE together (alike INTEGER, row INTEGER, size INTEGER, first TEXT, started_us INTEGER, "
    f"ended_us INTEGER, {', '.join((*ADDED, *SHARED))})"
)
"""What becomes of them."""

ADD_UP = f"""INSERT INTO temp.together SELECT alike, max(calls.rowid), count(*), min(id), min(started_us),
        max({ENDED}), {", ".join((*(f"sum({name})" for name in ADDED), *SHARED))}
    FROM temp.batch CROSS JOIN calls ON calls.rowid = batch.row WHERE {ELIGIBLE} GROUP BY alike, {_KEY}"""
LEAVE = """DELETE FROM temp.together WHERE size <>
    (SELECT count(*) FROM temp.batch WHERE batch.alike = together.alike)"""
"""Somebody has changed one of these rows since they were found: they stay."""
REMEMBER = """INSERT INTO cut (id, merged) SELECT calls.id, together.row FROM temp.together
    CROSS JOIN temp.batch ON batch.alike = together.alike CROSS JOIN calls ON calls.rowid = batch.row"""
TAKE = """DELETE FROM calls WHERE rowid IN
    (SELECT row FROM temp.batch WHERE alike IN (SELECT alike FROM temp.together))"""
PUT = f"""INSERT INTO calls (rowid, id, state, started_us, ended_us, calls, process,
        {", ".join((*ADDED, *SHARED))})
    SELECT row, '{LETTER}' || first, 'done', started_us, ended_us, size, '{MERGED}',
        {", ".join((*ADDED, *SHARED))} FROM temp.together"""
"""In the place of the last of its calls: who follows the ledger takes it for no new one, and limits that have
counted up to some row have it, too."""
