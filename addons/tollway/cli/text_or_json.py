"""The option by which a command prints text for people, or JSON for programs."""

from collections.abc import Callable
from typing import Any

import click

text_or_json: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How it is printed.",
)  # fmt: skip
