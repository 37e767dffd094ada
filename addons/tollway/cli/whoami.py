"""`tollway whoami`: what the proxy makes of one's credentials, asked through it."""

import os
import sys

import click
import msgspec

from tollway.cli.upstream import leads_to
from tollway.environment.upstream import key_of_tollways, trust
from tollway.errors import TollwayError
from tollway.identity.whoami import Untold

LOOK = "; `tollway doctor` looks for the reason"
NONE_NAMED = (
    "no proxy is named: set HTTPS_PROXY, or use --proxy http://USER:TOKEN@HOST:PORT "
    "(`tollway run` sets HTTPS_PROXY for its program alone)"
)


@click.command()
@click.option("--proxy", "url", metavar="URL", help="The proxy, with its log-in. [default: HTTPS_PROXY]")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people, or an object.",
)  # fmt: skip
def command(url: str | None, style: str) -> None:
    """Ask the proxy who it takes you for, by the credentials in its URL and by your address.

    A key of Tollway's in OPENAI_API_KEY, ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, GEMINI_API_KEY or
    GOOGLE_API_KEY is shown to it as well, in a tunnel: it has to be trusted then, as by programs.

    It is asked through itself, as a program's calls go: http://tollway.internal/whoami, which curl and others
    can fetch, too. Exit status 0: it knows you, or lets those call whom it does not know. No token is shown.
    """
    from tollway.asking import NoAnswer, ask
    from tollway.identity.whoami import text

    proxy = leads_to(os.environ, NONE_NAMED, url)
    try:
        roots = trust(os.environ)
    except OSError as error:
        raise TollwayError(f"SSL_CERT_FILE can't be read: {error.strerror or error}") from None
    try:
        who = ask(proxy, roots, key_of_tollways(os.environ))
    except NoAnswer as error:
        hint = "" if error.why in (Untold.REFUSED, Untold.UNSURE) else LOOK
        raise TollwayError(f"{error}{hint}") from None
    said = msgspec.json.format(msgspec.json.encode(who)).decode() if style == "json" else text(who)
    click.echo("".join(each for each in said if each.isprintable() or each == "\n"))
    sys.exit(0 if who.may_call else 1)
