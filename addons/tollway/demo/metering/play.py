"""Plays the tour of metering."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from tollway.cli.report import read, show, zone_of
from tollway.demo.awaiting import within
from tollway.demo.calling import calling
from tollway.demo.guide import Guide
from tollway.demo.lines import settled, told
from tollway.demo.metering.stops import TOUR
from tollway.demo.stage import Stage, stage
from tollway.demo.stop import Stop
from tollway.model import CallRecord
from tollway.policy.schema import Policy

BY = ("tag.person", "provider", "model")


async def play(guide: Guide, folder: Path) -> None:
    """Each call with its cost, the bill, and what to do next. Raises TollwayError."""
    await guide.say("[bold]A tour of Tollway[/bold]: no key, no network; the providers are a simulator.\n")
    calls: asyncio.Queue[CallRecord] = asyncio.Queue()
    async with stage(folder, Policy(version=1), calls.put_nowait) as set_up:
        await guide.say(f"A proxy listens on {set_up.proxy.url}. The programs know nothing of it:")
        await guide.say("HTTPS_PROXY and the certificate to trust are in their environment.\n")
        for stop in TOUR:
            await call(guide, stop, set_up, calls)
    guide.command(f"tollway report --by {','.join(BY)}")
    show(read(None, BY, None, None, zone_of(None)), "table")
    await guide.say("\n[bold]Now yours:[/bold]  tollway run -- claude   (or codex, gemini, python app.py)")
    await guide.say("[bold]An office:[/bold]  tollway serve, HTTPS_PROXY for all, and tollway report")


async def call(guide: Guide, stop: Stop, set_up: Stage, calls: "asyncio.Queue[CallRecord]") -> None:
    """A call, from its announcement to its cost."""
    await guide.say(told(stop))
    async with guide.watching(f"{urlsplit(stop.url).hostname}"):
        async with calling(stop, set_up.environment) as caller:
            await caller.answer()
        ended = await within(calls.get())
    await guide.say(settled(ended))
