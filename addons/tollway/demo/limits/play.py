"""Plays the tour of limits."""

from pathlib import Path

from tollway import clock, paths
from tollway.cli.budgets import read, show
from tollway.demo.guide import Guide
from tollway.demo.limits.policy import YOURS, policy
from tollway.demo.limits.showing import Showing
from tollway.demo.limits.stops import CLAMPED, FIRST, MOST, REFUSED, REROUTED, SECOND, WHOLE
from tollway.demo.lines import yaml
from tollway.demo.stage import stage
from tollway.policy_file import read_policy


async def play(guide: Guide, folder: Path, place: Path) -> None:
    """A policy, and what it does to calls; then one for `place`, the user's own. Raises TollwayError."""
    own = folder / "policy.yaml"
    own.write_text(policy(clock.utc(clock.now())))
    await opening(guide, own.read_text())
    async with stage(folder, read_policy(own)) as set_up:
        await guide.say("\nBefore a call leaves, the most that it can cost is held; its end settles it.")
        await guide.say(f"As Claude Code does, each call here asks for {MOST:,} output tokens.\n")
        showing = Showing(guide, set_up, paths.ledger_url())
        await showing.alone(WHOLE)
        await showing.alone(CLAMPED)
        await showing.together(FIRST, SECOND)
        await showing.alone(REROUTED)
        await showing.refused(REFUSED)
    guide.command("tollway budgets")
    show(read(None, own), "table")
    await closing(guide, place)


async def opening(guide: Guide, text: str) -> None:
    """What holds: time to read it is while the stage is set up."""
    await guide.say("[bold]A tour of limits[/bold]: no key, no network; the provider is a simulator.\n")
    await guide.say("Two dollars a day for everything that calls itself claude-cli:\n")
    await guide.say(yaml(text))


async def closing(guide: Guide, place: Path) -> None:
    """What to do; the screen stays, so there is time to read it."""
    await guide.say(f"\n[bold]Now yours:[/bold] {shortened(place)}\n", beats=0)
    await guide.say(yaml(YOURS), beats=0)
    await guide.say("\n[bold]and then:[/bold]  tollway run -- claude\n", beats=0)
    await guide.say("A plan's log-in costs no money per call: add `notional: true`, and its calls", beats=0)
    await guide.say("count at list price. They wait or are refused, and are never changed.", beats=0)


def shortened(place: Path) -> str:
    """A path as one would type it."""
    home = Path.home()
    return f"~/{place.relative_to(home)}" if place.is_relative_to(home) else str(place)
