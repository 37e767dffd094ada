"""`tollway doctor`: what is wrong with a set-up, and what mends it."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import click

from tollway.ca.constraints import is_name
from tollway.cli.admin_options import parse_admin, token, token_option
from tollway.cli.book_options import ledger_option
from tollway.cli.options import Parsed, policy_option
from tollway.diagnosis.finding import Verdict
from tollway.diagnosis.report import as_json, as_text, status
from tollway.observe.place import Place

COLOURS = {
    Verdict.WELL: "green",
    Verdict.DOUBTFUL: "yellow",
    Verdict.WRONG: "red",
    Verdict.NOT_CHECKED: "bright_black",
}
WIDEST = 120


def parse_host(text: str) -> str:
    """The name of a host. Raises ValueError."""
    if not is_name(text.lower()):
        raise ValueError(f"{text!r} is no host's name, as api.openai.com is one")
    return text.lower()


@click.command()
@click.option("--proxy", "url", metavar="URL", help="The proxy, with its log-in. [default: HTTPS_PROXY]")
@click.option(
    "--ca", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="The root that its certificates should go back to, where it runs on another machine: "
    "ca/tollway-ca.pem of the data folder there. [default: this machine's own]",
)  # fmt: skip
@policy_option
@ledger_option
@click.option(
    "--host", "hosts", type=Parsed("HOST", parse_host), multiple=True,
    help="A provider's host to try; may be repeated. [default: one each of OpenAI, Anthropic and Google]",
)  # fmt: skip
@click.option(
    "--admin", type=Parsed("HOST:PORT|unix:PATH", parse_admin), metavar="PLACE",
    help="Ask a proxy that runs there, as `tollway serve --admin` has it, how ready it is.",
)  # fmt: skip
@token_option
@click.option(
    "--timeout", "seconds", type=click.FloatRange(min=0.5, max=300), default=4.0, show_default=True,
    metavar="SECONDS", help="For all checks together, which are made at the same time.",
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people, or an object.",
)  # fmt: skip
def command(
    url: str | None,
    ca: Path | None,
    policy: Path | None,
    ledger: str | None,
    hosts: tuple[str, ...],
    admin: Place | None,
    admin_token_file: Path | None,
    seconds: float,
    style: str,
) -> None:
    """Check a set-up, a client's or a server's, and say what is wrong and what mends it.

    The proxy variables, the proxy and whom it takes you for; whether each runtime that is here trusts its
    certificates (Python, Node, curl, git, Go, Java ...: asked themselves, through the proxy); whether it
    reaches the providers; the clock, the policy, the certificate authority, the ledger and its disk; with
    --admin what a proxy that runs says of its own.

    `tollway run -- tollway doctor` checks what `run` sets.

    No model is called, nothing is changed, and no token, password or key is shown. Exit status 0: nothing is
    wrong, though something may be doubtful; 1: something is wrong. JSON: {"well", "findings": [{"subject",
    "verdict", "reason", "remedy"}]}, verdict: well, doubtful, wrong or not_checked.
    """
    from tollway.symptoms.examination import HOSTS, Setup, examine

    setup = Setup(
        environment=os.environ,
        proxy=url,
        ca=ca,
        policy=policy,
        ledger=ledger,
        admin=admin,
        token=None if admin is None else token(admin_token_file, os.environ),
        hosts=hosts or HOSTS,
        seconds=seconds,
    )
    findings = asyncio.run(examine(setup))
    if style == "json":
        click.echo(as_json(findings))
    else:
        width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
        unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
        click.echo(as_text(findings, width, unicode, paint))
    sys.exit(status(findings))


def paint(text: str, verdict: Verdict) -> str:
    """In the verdict's colour, unless NO_COLOR is set; click leaves it out where there is no terminal."""
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=COLOURS[verdict])
