"""What `--by` takes: attributes, with commas between."""

from collections.abc import Callable

import click


def grouping(check: Callable[[str], str]) -> Callable[[click.Context, click.Parameter, str], tuple[str, ...]]:
    """The callback of an option. `check`: an attribute as it is known; raises ValueError where it is not."""

    def attributes(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
        try:
            return tuple(check(name.strip()) for name in value.split(",")) if value.strip() else ()
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return attributes
