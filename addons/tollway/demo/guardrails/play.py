"""Plays the tour of guardrails."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from tollway import clock
from tollway.cli import scan, show
from tollway.cli.report import zone_of
from tollway.demo.guardrails import lines, made_up, stops
from tollway.demo.guardrails.policy import TOUR
from tollway.demo.guardrails.showing import Calls, Showing
from tollway.demo.guide import Guide
from tollway.demo.limits.play import shortened
from tollway.demo.lines import yaml
from tollway.demo.stage import stage
from tollway.live.call_facts import call_facts
from tollway.model import CallRecord
from tollway.policy_file import read_policy
from tollway.scanning.engine import engine


async def play(guide: Guide, folder: Path, place: Path) -> None:
    """A policy, and what it does to calls; then what to do, with it as `place`. Raises TollwayError."""
    own, calls = folder / "policy.yaml", Calls()
    own.write_text(TOUR)
    making = asyncio.get_running_loop().run_in_executor(None, made)
    await opening(guide, own.read_text())
    async with AsyncExitStack() as until:
        async with guide.watching("what finds keys is made: some seconds, at the first start"):
            set_up = await until.enter_async_context(stage(folder, read_policy(own), calls.put_nowait))
            took = await making
        await guide.say(f"\nWhat finds keys was made in {took:.1f} s: a machine's first start takes longest.")
        key = made_up.key()
        flagged = await following(Showing(guide, set_up, calls), key)
    await looking(guide, folder, own, key, flagged)
    await closing(guide, place, flagged)


def made() -> float:
    """The engine is there; how many seconds that took."""
    began = clock.now()
    engine()
    return clock.now() - began


async def opening(guide: Guide, text: str) -> None:
    """What holds: time to read it is while the stage is set up."""
    await guide.say("[bold]A tour of guardrails[/bold]: no key, no network; the provider is a simulator.\n")
    await guide.say("Keys do not leave. Of customers' data the provider sees placeholders:\n")
    await guide.say(yaml(text))


async def following(showing: Showing, key: str) -> CallRecord:
    """Each call; that of the last, which was flagged."""
    await showing.blocked(stops.agent(key), key)
    values = (made_up.EMAIL, made_up.card())
    first = stops.asking(*values)
    got, answer = await showing.redacted(first, values)
    await showing.restored(stops.going_on(first, answer, got.masks[0]), values, got)
    password = made_up.password()
    return await showing.flagged(stops.pasting(password), password)


async def looking(guide: Guide, folder: Path, policy: Path, key: str, flagged: CallRecord) -> None:
    """What the ledger keeps of it, and what a scan says of the file that the agent read."""
    guide.command(f"tollway show {flagged.id}")
    now_us = clock.now_us()
    kept, orphaned, _ = show.read(None, flagged.id, now_us)
    for line in lines.kept(call_facts(kept, now_us, zone_of(None), orphaned)):
        await guide.say(line, beats=0)
    guide.command("tollway scan --policy policy.yaml .env")
    body = stops.env(key).encode()
    for found in scan.lines([(".env", body, spot) for spot in scan.looks_for((), policy).spots(body)]):
        await guide.say(found, beats=0)


async def closing(guide: Guide, place: Path, flagged: CallRecord) -> None:
    """What to do; the screen stays, so there is time to read it."""
    (finding,) = flagged.findings
    for line in (
        f"\n[bold]Now yours:[/bold] the same lines in {shortened(place)}",
        "[bold]and then:[/bold]  tollway run -- claude\n",
        "Requests under a plan's log-in are never changed: what would be redacted there",
        "blocks them. So begin with `shadow: true`, which only says what would be done.",
        "What is no secret after all passes by its hash, in the guardrail that found it:",
        f'allow: [{{hash: "{finding.mark}"}}]',
        "What can be found: tollway scan --kinds; the rest: policies/README.md#guardrails",
    ):
        await guide.say(line, beats=0)
