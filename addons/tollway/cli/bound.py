"""`tollway bound`: what calls can be billed for at most, and why, without running anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tollway.cli.options import policy_option
from tollway.cli.price import opened
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError

if TYPE_CHECKING:
    from tollway.recorded.bounding import Bounded
    from tollway.recorded.exchange import Entry

NONE = "no AI calls"


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@policy_option
@click.option("--url", metavar="URL", help="Where FILE, the JSON body of one request, would be sent.")
@text_or_json
def command(file: str, policy: Path | None, url: str | None, style: str) -> None:
    """Show what the calls in FILE can be billed for at most, and why: what a hard limit holds.

    FILE is a HAR or a file of mitmproxy's flows, as `tollway price` reads them, or with --url the JSON body
    of one request; - is standard input. A call without a bound is refused under hard limits, for the reason
    shown.
    """
    import json

    from tollway.recorded.bounding import document, lines

    calls = found(file, policy, url)
    if style == "json":
        click.echo(json.dumps(document(calls), indent=2))
    else:
        click.echo("\n".join(lines(calls)) or NONE)


def found(file: str, policy: Path | None, url: str | None) -> "list[Bounded]":
    """The calls of a file, with the prices and providers of a policy. Raises TollwayError."""
    from tollway import clock, price_file
    from tollway.policy_file import read_policy
    from tollway.providers.load import load
    from tollway.recorded.bounding import bounds

    rules = read_policy(policy)
    try:
        now_us = int(clock.now() * 1_000_000)
        registry = load(rules.provider_rows(), open_regions=True)
        calls = [*bounds(entries(file, url), registry, price_file.book(rules), now_us)]
    except OSError as error:
        raise TollwayError(f"{file}: can't be read: {error.strerror or error}") from None
    except TollwayError as error:
        raise TollwayError(f"{file}: {error}") from None
    if url is not None and not calls:
        raise TollwayError(f"{url}: is no AI provider's URL that tokens are billed at")
    return calls


def entries(file: str, url: str | None) -> "Iterator[Entry]":
    """The entries of a recording, or the one request that the file is the body of."""
    from tollway.recorded.exchange import Recorded
    from tollway.recorded.file import Recording

    with opened(file) as stream:
        if url is None:
            yield from Recording(stream)
            return
        body = stream.read()
    yield Recorded(
        method="POST", url=url, started_us=None, request_headers={}, request_body=body,
        request_bytes=len(body), status=None, response_headers={}, response_body=None, response_bytes=0,
        left=False,
    )  # fmt: skip
