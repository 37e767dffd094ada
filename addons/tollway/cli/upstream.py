"""The proxy that a command goes through."""

from collections.abc import Mapping

import click

from tollway.environment.upstream import Upstream, named, upstream


def leads_to(environment: Mapping[str, str], none: str, option: str | None = None) -> Upstream:
    """The proxy of the option `--proxy`, if it is given, else of HTTPS_PROXY.

    UsageError: there is none, which `none` says, or its URL is wrong; what stands there is not quoted.
    """
    source, url = ("HTTPS_PROXY", named(environment)) if option is None else ("--proxy", option)
    if url is None:
        raise click.UsageError(none)
    try:
        return upstream(url)
    except ValueError as error:
        raise click.UsageError(f"{source}: {error}") from None
