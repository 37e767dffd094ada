"""`tollway ledger verify`."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option
from tollway.cli.ledger.file_of import file_of
from tollway.cli.text_or_json import text_or_json
from tollway.ledger.open import is_of_fleet
from tollway.ledger.store import Rules
from tollway.ledger.verifying.finding import SHOWN, Finding
from tollway.ledger.verifying.verify import verify
from tollway.reporting.figures import printable
from tollway.reporting.visible import indented

NO_POLICY = "no policy: name it with --policy"
IN_REDIS = "a fleet's are in Redis: `tollway budgets` shows them"


@click.command()
@click.option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False),
    help="The policy whose limits the ledger keeps. [default: the user's own; without one, none is counted]",
)  # fmt: skip
@ledger_option
@text_or_json
def command(policy: Path | None, ledger: str | None, style: str) -> None:
    """Check what has to be true of a ledger: the file, sums, states, ids, holds, buckets, alerts, merged
    rows.

    A line for each check; of one that fails, the first ids, and what to do. The exit status is 1 then.
    Nothing is written, and proxies go on beside it. Buckets of limits whose window runs are compared with
    what the rows come to, by the policy.
    """
    path, named = file_of(ledger), policy or paths.policy_path()
    rules: Callable[[], Rules] | str = NO_POLICY if named is None else partial(_rules, named)
    if is_of_fleet(ledger or paths.ledger_url()):
        rules = IN_REDIS
    findings = list(verify(path, rules, clock.now_us()))
    click.echo(indented(_as_json(findings)) if style == "json" else _as_text(findings))
    sys.exit(1 if any(one.failed for one in findings) else 0)


def _rules(policy: Path) -> Rules:
    from tollway.policy.limits import Limits
    from tollway.policy_file import read_policy

    return Limits(read_policy(policy))


def _as_text(findings: Sequence[Finding]) -> str:
    width = max(len(one.name) for one in findings)
    return "\n".join(line for one in findings for line in _lines(one, width))


def _lines(one: Finding, width: int) -> list[str]:
    word = "FAILED" if one.failed else "skipped" if one.skipped else "ok"
    first = f"{one.name.ljust(width)}  {word}"
    if not one.failed:
        return [f"{first}  ({one.mend})" if one.mend else first]
    ids = ", ".join(map(printable, one.ids)) + ", ..." * (one.wrong > SHOWN)
    return [f"{first}  {one.wrong:,}: {ids}", f"{' ' * width}  {one.mend}"]


def _as_json(findings: Sequence[Finding]) -> dict[str, object]:
    """`{"ok", "checks": [{"name", "result", "wrong", "ids", "note"}]}`; result: ok, failed or skipped."""
    return {
        "ok": not any(one.failed for one in findings),
        "checks": [
            {
                "name": one.name,
                "result": "failed" if one.failed else "skipped" if one.skipped else "ok",
                "wrong": one.wrong,
                "ids": list(one.ids),
                "note": one.mend,
            }
            for one in findings
        ],
    }
