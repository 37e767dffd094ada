"""`tollway ledger prune`."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.ledger.by_session import by_session
from tollway.cli.ledger.exporting import style_of
from tollway.cli.ledger.file_of import file_of, resting
from tollway.cli.report import moment_of, zone_of
from tollway.cli.text_or_json import text_or_json
from tollway.ledger.archive.export import export
from tollway.ledger.archive.file import OUT
from tollway.ledger.connect import connect
from tollway.ledger.cutting.cut import Cut, cut, last_row, planned, refuse_journal
from tollway.ledger.cutting.reach import YOUNGEST_US, Reach, reach
from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.presence import living
from tollway.ledger.store import EARLIEST_US
from tollway.reporting import periods
from tollway.reporting.span import FORMS
from tollway.reporting.visible import indented

CACHE = 64_000
"""KiB of the file that are kept in memory while rows are sorted."""


class _Done(NamedTuple):
    cut: Cut
    free: int
    """Bytes of the file that hold nothing more."""
    size: int
    """Of the file."""


@click.command()
@click.option("--before", metavar="WHEN", required=True, help=f"Merge what started before: {FORMS}.")
@click.option(
    "--per", "unit", type=click.Choice(["hour", "day"]), default="hour", show_default=True,
    help="Calls of one hour, or day, of the policy's time zone may become one row.",
)  # fmt: skip
@click.option("--archive", metavar="FILE", help="Export what started before WHEN first; FILE.gz is packed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--vacuum", is_flag=True, help="Give room back to the disk; no proxy may run on the ledger.")
@ledger_option
@zone_option("hours, days, dates and times are")
@text_or_json
def command(
    before: str,
    unit: str,
    archive: str | None,
    dry_run: bool,
    yes: bool,
    vacuum: bool,
    ledger: str | None,
    policy: Path | None,
    style: str,
) -> None:
    """Merge old calls into fewer rows, and lose no total.

    Calls of one hour become one row that nothing tells apart which reports group by or limits go by: the
    number of calls, tokens and money are added up. `report` says the same as before by every attribute but
    `session`, by hour (with --per day: by day), week and month of the time zone, in FOCUS by day and month of
    UTC. Sessions, single times, and ids of answers are gone: --archive keeps them. Calls that are open,
    awaited or lost, and what windows that run need call by call, stay as they are. Proxies go on beside it;
    stopped in between, it goes on the next time.
    """
    named = policy or paths.policy_path()
    zone, now_us = zone_of(named), clock.now_us()
    before_us = moment_of("--before", before, now_us, zone) or 0
    if before_us > now_us - YOUNGEST_US:
        raise click.BadParameter("it must be a day ago at the least", param_hint="--before")
    if archive == OUT:
        raise click.BadParameter("it must be a file on a disk, for rows go away", param_hint="--archive")
    path = file_of(ledger)
    if vacuum and (alive := living(path)):
        raise LedgerError(
            f"ledger {path}: {len(alive)} processes write to it: stop them, or leave --vacuum out"
        )
    with closing(connect(path, "process")) as db:
        try:
            refuse_journal(db, path)
            db.execute(f"PRAGMA cache_size = -{CACHE}")
            reached = reach(db, path, before_us, now_us, by_session(named))
            _tell_reach(reached)
            if not yes or dry_run:
                plan = planned(db, reached, last_row(db), partial(end_of, unit, zone))
                if dry_run:
                    _show(_Done(plan, 0, path.stat().st_size), reached, zone, None, style, "would become")
                    return
                click.confirm(f"Merge {plan.calls:,} calls into {plan.rows:,} rows?", abort=True, err=True)
            done = _cut(db, path, reached, unit, zone, archive, vacuum)
        except sqlite3.Error as error:
            raise explain(error, path) from None
    _show(done, reached, zone, archive, style, "became")


def _cut(
    db: sqlite3.Connection,
    path: Path,
    reached: Reach,
    unit: str,
    zone: ZoneInfo,
    archive: str | None,
    vacuum: bool,
) -> _Done:
    upto = last_row(db)
    if archive is not None:
        span = (EARLIEST_US, reached.until_us)
        upto = export(db, path, archive, style_of(archive), span, anew=True).last
    free = _free(db)
    done = cut(db, reached, upto, partial(end_of, unit, zone), resting(path))
    gained = _free(db) - free
    if vacuum:
        db.execute("VACUUM")
    db.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if vacuum else 'PASSIVE'})")
    return _Done(done, 0 if vacuum else max(gained, 0), path.stat().st_size)


def _free(db: sqlite3.Connection) -> int:
    pages, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
    return int(pages * size)


def _tell_reach(reached: Reach) -> None:
    if reached.because:
        names = ", ".join(reached.because)
        click.echo(f"what {names} still counts call by call stays as it is", err=True)


def end_of(unit: str, zone: ZoneInfo, us: int) -> int:
    """Where what may become one row ends: with the zone's hour or day, and with the day of UTC, which
    FOCUS goes by: else money would move from one of its days, or months, to another."""
    return min(periods.end(unit, us, zone), periods.end("day", us, periods.UTC_ZONE))


def _show(done: _Done, reached: Reach, zone: ZoneInfo, archive: str | None, style: str, word: str) -> None:
    if style == "json":
        click.echo(indented(_as_json(done, reached, zone, archive, word == "became")))
        return
    click.echo(f"{done.cut.calls:,} calls {word} {done.cut.rows:,} rows")
    if done.free:
        click.echo(f"{done.free:,} bytes of the file's {done.size:,} are free for new calls", err=True)
    elif word == "became":
        click.echo(f"the file has {done.size:,} bytes", err=True)


def _as_json(
    done: _Done, reached: Reach, zone: ZoneInfo, archive: str | None, cut: bool
) -> dict[str, object]:
    """`{"before", "calls", "rows", "cut", "kept_for", "archive", "free_bytes", "file_bytes"}`: `cut` is
    false of a dry run; `kept_for`: limits that need rows as they are."""
    return {
        "before": periods.local(reached.until_us, zone).isoformat(),
        "calls": done.cut.calls,
        "rows": done.cut.rows,
        "cut": cut,
        "kept_for": list(reached.because),
        "archive": archive,
        "free_bytes": done.free,
        "file_bytes": done.size,
    }
