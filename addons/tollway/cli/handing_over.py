"""A new authority's key, handed over at once to where it is kept, and never on this machine's disk by us."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from tollway.ca.store import HandOver
from tollway.cli.book_options import Decorator
from tollway.errors import TollwayError

STANDARD = Path("-")

key_option: Decorator = click.option(
    "--key-to", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
    help="Write its key there (- is standard output), and not into the data folder: `tollway serve --ca-key` "
    "then says where it is.",
)  # fmt: skip


@contextmanager
def handing_over(to: Path | None) -> Iterator[HandOver | None]:
    """What takes the key of an authority before that is put in its place; None: it stays with it.

    The place is made sure of before there is any: a new file, which only its owner can read. Raises
    TollwayError.
    """
    if to is None:
        yield None
        return
    if to == STANDARD:
        if sys.stdout.isatty():
            raise TollwayError(
                "--key-to -: standard output is a terminal, which may keep it; pipe it elsewhere"
            )
        yield _into(sys.stdout.buffer)
        return
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise TollwayError(f"--key-to {to}: {error.strerror}: name a new file") from None
    with os.fdopen(descriptor, "wb") as file:
        yield _into(file)


def _into(file: BinaryIO) -> HandOver:
    def hand_over(key: bytes) -> None:
        file.write(key)
        file.flush()

    return hand_over
