"""`tollway run --token-command`: one program, through the company's Tollway, by a token that stays fresh."""

import os
import ssl
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NoReturn

import click

from tollway import clock
from tollway.cli.child import Child
from tollway.cli.log import Held
from tollway.cli.node import past
from tollway.cli.run import choose_log, end_with, ended, say, tell
from tollway.cli.upstream import leads_to
from tollway.environment.upstream import Upstream, trust
from tollway.environment.variables import variables
from tollway.errors import TollwayError
from tollway.forwarding.forwarder import HOST, Forwarder, running
from tollway.forwarding.login import Login
from tollway.token_command.command import printed
from tollway.token_command.fresh import Fresh

NONE_NAMED = (
    "--token-command: HTTPS_PROXY names no proxy; set it to your company's Tollway (http://HOST:PORT): "
    "that is where the token is shown"
)


def run_with_token(program: Sequence[str], token_command: str, others: Mapping[str, object]) -> NoReturn:
    """Run the program with a token; `others`: the values of options that don't go with that."""
    refuse(others)
    proxy = leads_to(os.environ, NONE_NAMED)
    end_with(forwarded(program, proxy, token_command, choose_log()))


def refuse(others: Mapping[str, object]) -> None:
    """UsageError for options that are about a proxy of one's own: there is none."""
    if wrong := [name for name, value in others.items() if value]:
        raise click.UsageError(
            f"{', '.join(wrong)}: not with --token-command, which starts no proxy: the one that HTTPS_PROXY "
            "names has its own policy and ledger"
        )


async def forwarded(program: Sequence[str], proxy: Upstream, token_command: str, held: Held | None) -> int:
    """Run the program behind a forwarder to this proxy; its status.

    Raises TollwayError where the first token can't be had: the program is not started then.
    """
    fresh, login, child = Fresh(partial(printed, token_command), clock.now), Login(), Child()
    await fresh.token()
    forwarder = Forwarder(proxy, fresh, login, roots(proxy))
    async with running(forwarder) as port:
        added = variables(login.url(HOST, port), {}, None, os.environ)
        status = await child.run(program, {**os.environ, **added})
    tell(held)
    if not forwarder.used and (why := past(program[0])):
        say(why)
    return ended(child, status)


def roots(proxy: Upstream) -> ssl.SSLContext | None:
    """What the proxy's certificate is checked by; None: it has none."""
    if proxy.scheme != "https":
        return None
    try:
        return trust(os.environ)
    except OSError as error:
        raise TollwayError(f"SSL_CERT_FILE can't be read: {error.strerror or error}") from None
