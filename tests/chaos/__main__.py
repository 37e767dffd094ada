"""`python -m tests.chaos`: limits under races, crashes, misbehaviour and failover; scripts/chaos runs it."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tests.chaos.accounts import Account
from tests.chaos.agents import LAST, conversations, work
from tests.chaos.failover import failover
from tests.chaos.fleet import fleet
from tests.chaos.parts import Found, Run, closed, every, judged
from tests.chaos.refusals import Refusals
from tests.simulator.process import running
from tollway.tally import dollars

KEPT = ("--keep", "200000", "--body-limit", str(LAST + 50_000))
"""Of the simulator: all requests are remembered, each whole. One of which it has the beginning alone is no
stream to it, and would be answered at once."""
AGENTS, FAILOVER, FLEET = "agents", "failover", "fleet"


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    names = [name for name, _ in every()] + [FAILOVER, AGENTS, FLEET]
    parser = argparse.ArgumentParser(prog="scripts/chaos", description="Limits under everything at once.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(names)}; all, if none is named")
    parser.add_argument("--calls", type=int, default=1_000, help="of a race, and of the misbehaving")
    parser.add_argument("--kills", type=int, default=100, help="processes that are killed")
    parser.add_argument("--budget", type=Decimal, default=Decimal(20), help="USD that the agents share")
    parser.add_argument("--turns", type=int, default=1_000, help="of an agent, at most")
    parser.add_argument("--speed", type=float, default=1.0, help="1: answers take 1 to 10 s; 0.1: a tenth")
    parser.add_argument("--model", default="claude-opus-4-8", help="of the agents")
    parser.add_argument("--seed", type=int, default=None, help="repeats a run's choices")
    parser.add_argument("--folder", type=Path, help="where to leave ledgers and logs; it must not be there")
    parser.add_argument("--no-limits", action="store_true", help="a policy that admits all: the load alone")
    found = parser.parse_args(words)
    if unknown := set(found.parts) - set(names):
        parser.error(f"nothing is called {', '.join(sorted(unknown))}: there are {', '.join(names)}")
    found.parts = found.parts or names
    return found


def main() -> None:
    """Run the parts; exit status 1 if one of them went wrong."""
    asked = arguments()
    seed = random.randrange(2**32) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    good = True
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        place = asked.folder or Path(folder)
        (place / "simulator").mkdir(parents=True)
        with running(place / "simulator", KEPT) as sim:
            run = Run(place, sim, random.Random(seed), not asked.no_limits, asked.calls, asked.kills)
            for name in asked.parts:
                good &= one(name, run, asked)
    sys.exit(not good)


def one(name: str, run: Run, asked: argparse.Namespace) -> bool:
    """Run a part and say what became of it."""
    started = time.monotonic()
    if name == FAILOVER:
        found = failover(run)
        print(f"{name} {found.said()}; {time.monotonic() - started:.0f} s", flush=True)
        return found.good
    figures, judgement = found_by(name, run, asked)
    print(line(name, figures, time.monotonic() - started), flush=True)
    if judgement is not None:
        print(f"        {verdict(judgement)}", flush=True)
    return figures.good and (judgement is None or (judgement.good and not figures.unanswered))


def found_by(name: str, run: Run, asked: argparse.Namespace) -> Found:
    """A part's figures."""
    if name == FLEET:
        return fleet(run), None
    return agents(run, asked) if name == AGENTS else dict(every())[name](run)


def agents(run: Run, asked: argparse.Namespace) -> Found:
    """Eight agents on one budget, until it is spent."""
    place = run.place(AGENTS, asked.budget)
    talks = list(conversations(run.chance, asked.model, asked.speed))
    with place.watched() as watch, place.proxy() as proxy:
        outcomes = asyncio.run(work(proxy, talks, asked.turns))
    calls = [outcome.call for outcome in outcomes]
    found = closed(run, place, calls, watch), judged(place, calls)
    print(f"        answers took {took(run)} s", flush=True)
    return found


def took(run: Run) -> str:
    """How long the provider's answers took, by its own clock: the quickest and the slowest."""
    seconds = [one["ended"] - one["answered"] for one in run.sim.seen() if one["complete"]]
    return f"{min(seconds):.1f} to {max(seconds):.1f}" if seconds else "no"


def line(name: str, account: Account, seconds: float) -> str:
    """A part's figures."""
    return (
        f"{name:7} over {dollars(account.over_nano)}, lost {account.lost}, holds left {account.held}: "
        f"{account.calls:,} calls, {account.served:,} served, {account.refused:,} refused, "
        f"{account.unanswered:,} neither, {account.at_bound:,} charged at their bound; "
        f"settled {dollars(account.settled_nano)}, "
        f"billed {dollars(account.real_nano)} at the most; sent twice {account.twice}, "
        f"charged wrongly {account.wrong}, buckets apart from their rows at {account.apart} of "
        f"{account.looks:,} looks; {seconds:.0f} s"
    )


def verdict(judged: Refusals) -> str:
    """What the agents were refused."""
    if judged.stranded_nano is None or judged.need_nano is None or judged.looseness is None:
        return "none refused"
    return (
        f"false refusals {judged.false} of {judged.calls} calls ({judged.false / judged.calls:.1%}); "
        f"stranded {dollars(judged.stranded_nano)}, one bound being {dollars(judged.need_nano)}; "
        f"bound / real of the refused {judged.looseness:.1f}"
    )


if __name__ == "__main__":
    main()
