"""Plays the tour of the cache."""

from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from tollway import clock, paths
from tollway.cache.fault import CacheError
from tollway.cache.open import open_shelf
from tollway.caching.store import Shelf
from tollway.cli.report import read
from tollway.demo.awaiting import seen
from tollway.demo.cache import stops
from tollway.demo.cache.policy import TOUR
from tollway.demo.cache.showing import Calls, Showing
from tollway.demo.guide import Guide
from tollway.demo.limits.play import shortened
from tollway.demo.lines import yaml
from tollway.demo.stage import stage
from tollway.policy_file import read_policy
from tollway.reporting.cached import as_text as stats
from tollway.reporting.text import as_text as bill


async def play(guide: Guide, folder: Path, place: Path) -> None:
    """A policy, and what it does to calls; then what to do, with it as `place`. Raises TollwayError."""
    own, calls = folder / "policy.yaml", Calls()
    own.write_text(TOUR)
    await opening(guide, own.read_text())
    shelf = open_shelf(paths.ledger_url())
    async with stage(folder, read_policy(own), calls.put_nowait) as set_up:
        showing = Showing(guide, set_up, calls)
        await showing.asked(stops.first(), "miss")
        await kept(shelf, 1)
        await showing.found(stops.again())
        await showing.together(stops.together())
        await showing.asked(stops.fresh(), None)
        await kept(shelf, 2)
    guide.command("tollway report --by cache")
    await guide.say(bill(read(None, ("cache",), None, None, ZoneInfo("UTC"))), beats=0)
    guide.command("tollway cache stats")
    await guide.say(stats(shelf.stats(clock.now_us())), beats=0)
    await closing(guide, place)


async def opening(guide: Guide, text: str) -> None:
    """What holds: time to read it is while the stage is set up."""
    await guide.say("[bold]A tour of the cache[/bold]: no key, no network; the provider is a simulator.\n")
    await guide.say("What one of the company asked, its others have for a week:\n")
    await guide.say(yaml(text))


async def kept(shelf: Shelf, answers: int) -> None:
    """Until so many answers are found. Raises TollwayError."""

    async def look() -> bool | None:
        with suppress(CacheError):  # its file is just being made
            return sum(one.answers for one in shelf.stats(clock.now_us())) >= answers or None
        return None

    await seen(look)


async def closing(guide: Guide, place: Path) -> None:
    """What to do; the screen stays, so there is time to read it."""
    for line in (
        f"\n[bold]Now yours:[/bold] the same lines in {shortened(place)};",
        "`match` says of which calls, `scope` who shares: a user, a team, all.",
        "[bold]and then:[/bold]  tollway run -- python evaluate.py\n",
        "Access rules, guardrails, and limits of requests and tokens hold for hits as well.",
        "The rest: policies/README.md#cache",
    ):
        await guide.say(line, beats=0)
