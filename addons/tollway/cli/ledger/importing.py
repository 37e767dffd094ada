"""`tollway ledger import`."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option
from tollway.cli.ledger.file_of import resting
from tollway.cli.text_or_json import text_or_json
from tollway.ledger.archive.file import to_read
from tollway.ledger.archive.form import columns
from tollway.ledger.archive.importing import SHOWN, Imported, bring, counts_now
from tollway.ledger.archive.reading import read
from tollway.ledger.archive.staging import Staged, stage
from tollway.ledger.connect import connect
from tollway.ledger.cutting.cut import refuse_journal
from tollway.ledger.fault import explain
from tollway.ledger.open import is_of_fleet, path_of
from tollway.reporting.visible import indented

AGAIN = "windows that still run count them once a proxy starts, or reads its policy again (SIGHUP)"


@click.command()
@click.argument("file", metavar="FILE")
@ledger_option
@text_or_json
def command(file: str, ledger: str | None, style: str) -> None:
    """Read what `tollway ledger export` wrote into a ledger, which is made if need be. FILE: - is standard
    input.

    All of it is looked at first, and nothing is written unless every line is sound. Then it is written in
    short steps, beside running proxies; killed in between, the ledger has some of the calls, and importing
    again brings the rest. A call is known by its id: one that is there already stays as it is. Where it
    differs from the file's that is told, and the exit status is 1. Calls in flight are left out, for nobody
    here would end them.
    """
    url = ledger or paths.ledger_url()
    if is_of_fleet(url):
        raise click.UsageError(
            "a fleet's calls come from its own processes: name a file, --ledger sqlite:PATH"
        )
    path = path_of(url)
    staged, imported, again = _import(path, file)
    if style == "json":
        click.echo(indented(_as_json(staged, imported, again)))
    else:
        _tell(staged, imported, again)
    sys.exit(1 if imported.other else 0)


def _import(path: Path, name: str) -> tuple[Staged, Imported, bool]:
    with to_read(name) as file, closing(connect(path, "process")) as db:
        try:
            refuse_journal(db, path)
            known = columns(db)
            form, lines = read(file, name, known)
            staged = stage(db, name, form, known, lines)
            imported = bring(db, form, resting(path))
            return staged, imported, counts_now(db, imported, clock.now_us())
        except sqlite3.Error as error:
            raise explain(error, path) from None


def _tell(staged: Staged, imported: Imported, again: bool) -> None:
    click.echo(f"{imported.new:,} rows came, {imported.same:,} were there already")
    if imported.other:
        ids = ", ".join(imported.others) + ", ..." * (imported.other > SHOWN)
        click.echo(f"{imported.other:,} are there otherwise, and stay as they are: {ids}", err=True)
    if staged.open:
        ids = ", ".join(staged.open[:SHOWN]) + ", ..." * (len(staged.open) > SHOWN)
        click.echo(
            f"{len(staged.open):,} were in flight, and were left out: {ids}; export them again once they "
            "have ended, or a proxy that starts on their ledger has found that their process died",
            err=True,
        )
    if again:
        click.echo(AGAIN, err=True)


def _as_json(staged: Staged, imported: Imported, again: bool) -> dict[str, object]:
    """`{"new", "same", "other", "others", "open", "count_again"}`: numbers of rows, the ids of the first
    that are there otherwise, and whether a proxy has to count rows for limits whose window runs."""
    return {
        "new": imported.new,
        "same": imported.same,
        "other": imported.other,
        "others": list(imported.others),
        "open": len(staged.open),
        "count_again": again,
    }
