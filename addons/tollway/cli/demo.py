"""`tollway demo`: tours without key or network."""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from tollway import paths
from tollway.cli.log import show_log


@click.command()
@click.option("--limits", is_flag=True, help="See a limit clamp, wait, reroute and refuse.")
def command(limits: bool) -> None:
    """Take a tour: three people, three providers, and what their AI calls cost.

    With --limits another one: a policy of a few lines, and what it does to calls until nothing is left.

    Both need neither key nor network (the providers are the simulator of Tollway's tests, on this machine),
    touch nothing of yours, and take half a minute at most.
    """
    show_log(logging.StreamHandler(), level=logging.ERROR, form="tollway: %(levelname)s %(message)s")
    policy = paths.config_dir() / "policy.yaml"
    folder = Path(tempfile.mkdtemp(prefix="tollway-demo-"))
    os.environ["TOLLWAY_HOME"] = str(folder)
    try:
        asyncio.run(tour(folder, policy if limits else None))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def tour(folder: Path, policy: Path | None) -> None:
    """Play that of limits if it is told where the user's own policy belongs, else that of metering."""
    from rich.console import Console

    from tollway.demo.guide import Guide

    guide = Guide(Console(soft_wrap=not sys.stdout.isatty(), highlight=False))
    if policy is not None:
        from tollway.demo.limits.play import play as play_limits

        await play_limits(guide, folder, policy)
    else:
        from tollway.demo.metering.play import play as play_metering

        await play_metering(guide, folder)
