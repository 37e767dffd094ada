"""`tollway env`: the variables that lead programs through a proxy."""

import json
import os
from urllib.parse import urlsplit

import click

from tollway.cli.ca import current, folder
from tollway.environment.exports import SHELLS, exports
from tollway.environment.prepare import prepare


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
def command(shell: str, proxy_url: str, style: str) -> None:
    """Print the variables that lead programs through the proxy.

    \b
    sh, bash, zsh  eval "$(tollway env)"
    fish           tollway env --shell fish | source
    PowerShell     tollway env --shell powershell | Out-String | Invoke-Expression
    """
    found = prepare(proxy_url, folder(), current(None), os.environ)
    if style == "json":
        click.echo(json.dumps({"variables": found.variables, "warnings": found.warnings}, indent=2))
        return
    for warning in found.warnings:
        click.echo(f"tollway: {warning}", err=True)
    click.echo(exports(found.variables, shell), nl=False)
