"""Options that several commands share, and what they mean."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tollway.cli.book_options import Decorator
from tollway.engine.dialling import Address, parse_connect_to
from tollway.identity.tags import AT_MOST, check_tag


class Parsed(click.ParamType[Any]):
    """A type whose values a function of ours parses; its ValueError is the user's."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def parse_listen(text: str) -> Address:
    """`HOST:PORT`, with [brackets] around an IPv6 address. Raises ValueError."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT (for example 127.0.0.1:8080, or 0.0.0.0:8080 for all)")
    return host, int(port)


listen_option: Decorator = click.option(
    "--listen",
    type=Parsed("HOST:PORT", parse_listen),
    default="127.0.0.1:8080",
    show_default=True,
    help="Where to listen; port 0 takes a free one.",
)

listens_option: Decorator = click.option(
    "--listen",
    type=Parsed("HOST:PORT", parse_listen),
    multiple=True,
    default=["127.0.0.1:8080"],
    show_default=True,
    help="Where to listen; port 0 takes a free one. May be repeated.",
)

connect_to_option: Decorator = click.option(
    "--connect-to",
    type=Parsed("HOST:PORT:ADDR:PORT", parse_connect_to),
    multiple=True,
    help="Dial another address for a host (empty: any); certificate checks stay the host's. May be repeated.",
)

set_option: Decorator = click.option(
    "--set",
    "set_options",
    multiple=True,
    metavar="OPT=VALUE",
    help="An option of mitmproxy (ssl_verify_upstream_trusted_ca, for one). May be repeated.",
)


policy_option: Decorator = click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A policy file. [default: policy.yaml in the configuration folder if it is there, else meter only]",
)


def _few(
    context: click.Context, option: click.Parameter, tags: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    if len(dict(tags)) > AT_MOST:
        raise click.BadParameter(f"a call has {AT_MOST} tags at most", context, option)
    return tags


tag_option: Decorator = click.option(
    "--tag",
    "tags",
    type=Parsed("KEY=VALUE", check_tag),
    multiple=True,
    callback=_few,
    help="A tag for every call; may be repeated.",
)
