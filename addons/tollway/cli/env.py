"""`tollway env`: the variables that lead programs through a proxy."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import click

from tollway.ca.root import read
from tollway.ca.store import secret_path
from tollway.cli.ca import current
from tollway.cli.ca_facts import folder
from tollway.environment.bypass import LOOPBACK
from tollway.environment.exports import SHELLS, exports
from tollway.environment.prepare import prepare
from tollway.paths import make_dir

ANOTHERS = (
    "tollway: this machine had no certificate authority yet. If {} is another machine's Tollway, programs do "
    "not trust it by these variables: name its root with --ca FILE (ca/tollway-ca.pem of its data folder)"
)


def _url(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        url = urlsplit(value)
        sound = url.scheme in ("http", "https") and url.hostname and (url.port or True)
    except ValueError:
        sound = False
    if not sound:
        raise click.BadParameter("it is not http://HOST:PORT")
    return value.rstrip("/")


@click.command()
@click.option("--shell", type=click.Choice(list(SHELLS)), default="sh", show_default=True, help="For whom.")
@click.option(
    "--proxy", "proxy_url", metavar="URL", default="http://127.0.0.1:8080", show_default=True, callback=_url,
    help="The proxy: a `tollway serve`, here or elsewhere.",
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["shell", "json"]), default="shell", show_default=True,
    help="Commands of the shell, or an object.",
)  # fmt: skip
@click.option(
    "--ca", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="The root that the proxy's certificates go back to, where it runs on another machine: "
    "ca/tollway-ca.pem of the data folder there. [default: this machine's own]",
)  # fmt: skip
def command(shell: str, proxy_url: str, style: str, file: Path | None) -> None:
    """Print the variables that lead programs through the proxy.

    \b
    sh, bash, zsh  eval "$(tollway env)"
    fish           tollway env --shell fish | source
    PowerShell     tollway env --shell powershell | Out-String | Invoke-Expression
    """
    if file is not None:
        authority = read(file)
        found = prepare(proxy_url, make_dir(folder() / f"of-{authority.id}"), authority, os.environ)
    else:
        warn_of_another(proxy_url)
        found = prepare(proxy_url, folder(), current(None), os.environ)
    if style == "json":
        click.echo(json.dumps({"variables": found.variables, "warnings": found.warnings}, indent=2))
        return
    for warning in found.warnings:
        click.echo(f"tollway: {warning}", err=True)
    click.echo(exports(found.variables, shell), nl=False)


def warn_of_another(proxy_url: str) -> None:
    """Say what is missing where nothing here can be the root of the proxy's certificates."""
    host = urlsplit(proxy_url).hostname or ""
    if host not in LOOPBACK and not secret_path(folder()).exists():
        click.echo(ANOTHERS.format(host), err=True)
