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

COMPILED = "kingfisher"
"""The folder of the rules that were compiled at an earlier start, in the data folder."""


@click.command()
@click.option("--limits", is_flag=True, help="See a limit clamp, wait, reroute and refuse.")
@click.option(
    "--guardrails", is_flag=True, help="See keys blocked, and customers' data taken out and put back."
)
@click.option("--cache", is_flag=True, help="See an answer given again, and five calls share one.")
def command(limits: bool, guardrails: bool, cache: bool) -> None:
    """Take a tour: three people, three providers, and what their AI calls cost.

    With --limits another one: a policy of a few lines, and what it does to calls until nothing is left. With
    --guardrails a third: what is blocked, what the provider sees in its place, and what the answer has back.
    With --cache a fourth: the same question again, and five times at once, and what that saves.

    All need neither key nor network (the providers are the simulator of Tollway's tests, on this machine),
    touch nothing of yours, and take half a minute at most.
    """
    asked = {"limits": limits, "guardrails": guardrails, "cache": cache}
    tours = [name for name, is_asked in asked.items() if is_asked]
    if len(tours) > 1:
        names = " and ".join(f"--{name}" for name in tours[:2])
        raise click.UsageError(f"{names} are two tours: take one after the other")
    show_log(logging.StreamHandler(), level=logging.ERROR, form="tollway: %(levelname)s %(message)s")
    policy, compiled = paths.config_dir() / "policy.yaml", paths.data_dir() / COMPILED
    folder = Path(tempfile.mkdtemp(prefix="tollway-demo-"))
    os.environ["TOLLWAY_HOME"] = str(folder)
    try:
        if guardrails and compiled.is_dir():
            shutil.copytree(compiled, folder / COMPILED)
        asyncio.run(tour(folder, policy, *(tours or ["metering"])))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def tour(folder: Path, policy: Path, about: str) -> None:
    """Play one. `policy`: where the user's own belongs."""
    from rich.console import Console

    from tollway.demo.guide import Guide

    guide = Guide(Console(soft_wrap=not sys.stdout.isatty(), highlight=False))
    match about:
        case "limits":
            from tollway.demo.limits.play import play as play_limits

            await play_limits(guide, folder, policy)
        case "guardrails":
            from tollway.demo.guardrails.play import play as play_guardrails

            await play_guardrails(guide, folder, policy)
        case "cache":
            from tollway.demo.cache.play import play as play_cache

            await play_cache(guide, folder, policy)
        case _:
            from tollway.demo.metering.play import play as play_metering

            await play_metering(guide, folder)
