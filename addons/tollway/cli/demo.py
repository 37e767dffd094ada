"""`tollway demo`: a tour without key or network."""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from tollway.cli.log import show_log


@click.command()
def command() -> None:
    """Take a tour: three people, three providers, and what their AI calls cost.

    It needs neither key nor network (the providers are the simulator of Tollway's tests, on this machine),
    touches nothing of yours, and takes half a minute at most.
    """
    show_log(logging.StreamHandler(), level=logging.WARNING, form="tollway: %(levelname)s %(message)s")
    folder = Path(tempfile.mkdtemp(prefix="tollway-demo-"))
    os.environ["TOLLWAY_HOME"] = str(folder)
    try:
        asyncio.run(tour(folder))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def tour(folder: Path) -> None:
    """Play it."""
    from rich.console import Console

    from tollway.demo.guide import Guide
    from tollway.demo.metering.play import play

    await play(Guide(Console(soft_wrap=not sys.stdout.isatty(), highlight=False)), folder)
