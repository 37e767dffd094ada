"""Tollway beside mitmproxy bare and stock (and LiteLLM): CPU, latency and memory, in one run, in turns.

Proxies run on the machine's first core, the load and the simulated providers on its second. At the end
a table says which bars are met; the exit status is 1 if one is missed or could not be measured.
"""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from tests.bench import litellm
from tests.bench.backtest import backtest
from tests.bench.cache import cache
from tests.bench.cpu import HELD, held_bars, json_bars, litellm_bars, turn_bars
from tests.bench.extent import FULL, QUICK, Extent
from tests.bench.first_byte import first_byte
from tests.bench.fleet import fleet
from tests.bench.guardrails import guardrails
from tests.bench.identity import identity
from tests.bench.idle import idle
from tests.bench.limits import limits
from tests.bench.live_view import live_view
from tests.bench.memory import memory
from tests.bench.pairs import pairs
from tests.bench.processes import CORES, OTHER
from tests.bench.rates import rates
from tests.bench.routes import routes
from tests.bench.scraping import scraping
from tests.bench.sockets import sockets
from tests.bench.streams import streams
from tests.bench.subjects import Place, simulator
from tests.bench.table import Results
from tests.bench.workers import workers

SUBJECTS = ("stock", "stock-streaming", "bare", "tollway", HELD)
CALLS = ("first-byte", "json", "json-limits", "turns", "litellm")
THROUGH = {
    "routes": routes, "identity": identity, "limits": limits, "guardrails": guardrails, "cache": cache,
    "memory": memory, "idle": idle, "streams": streams, "sockets": sockets, "metrics": scraping,
    "workers": workers,
}  # fmt: skip
"""Parts that have calls go through proxies."""
INSIDE = {"pairs": pairs, "redis": fleet, "rates": rates, "top": live_view, "backtest": backtest}
"""Parts that need none."""
PARTS = (*CALLS, *THROUGH, *INSIDE)


class Stopped(Exception):
    """Somebody, or the clock, ended the run."""


def main() -> None:
    """Run what the command line says."""
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, stop)
    if options.with_:
        litellm.install()
    signal.alarm(round(60 * options.minutes))
    os.sched_setaffinity(0, {OTHER})
    results = Results()
    stopped = ""
    try:
        with tempfile.TemporaryDirectory(prefix="tollway-bench-") as folder:
            run(results, QUICK if options.quick else FULL, options, Path(folder))
    except Stopped as error:
        stopped = str(error)
    except Exception as error:  # what was measured before is shown, too
        traceback.print_exc()
        stopped = f"by {type(error).__name__}: {error}"
    if stopped:
        results.note(f"Stopped before the end: {stopped}.")
    signal.alarm(0)
    if options.quick:
        results.note("A quick run: it shows that the bench works; its figures mean little.")
    tell(results, options.markdown)
    sys.exit(1 if stopped or (results.missed() and not options.quick) else 0)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--with", dest="with_", choices=["litellm"], help="one more proxy to compare with")
    parser.add_argument("--quick", action="store_true", help="a smoke run of a minute or two")
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; may be given again")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables there")
    parser.add_argument("--minutes", type=float, default=60, help="end by then (default: 60)")
    return parser.parse_args()


def run(results: Results, extent: Extent, options: argparse.Namespace, folder: Path) -> None:
    """All parts, or the chosen ones."""
    parts = options.only or PARTS
    with ExitStack() as stack:
        place = Place(folder, stack.enter_context(simulator(folder / "simulator")))
        if chosen := [part for part in parts if part in CALLS and (part != "litellm" or options.with_)]:
            calls(results, extent, place, chosen)
        for name, part in THROUGH.items():
            if name in parts:
                part(results, extent, place)
        for name, alone in INSIDE.items():
            if name in parts:
                alone(results, extent, folder)


def calls(results: Results, extent: Extent, place: Place, parts: Sequence[str]) -> None:
    """The parts that share running proxies."""
    with ExitStack() as stack:
        subjects = {name: stack.enter_context(place.running(name)) for name in SUBJECTS}
        if "first-byte" in parts:
            first_byte(results, extent, subjects["bare"], subjects["tollway"])
        if "json" in parts:
            json_bars(results, extent, subjects)
        if "json-limits" in parts:
            held_bars(results, extent, subjects)
        if "turns" in parts:
            turn_bars(results, extent, subjects)
        if "litellm" in parts:
            other = stack.enter_context(place.litellm())
            litellm_bars(results, extent, place.simulator, subjects["tollway"], other)


def tell(results: Results, file: Path | None) -> None:
    """Print the tables, and write them."""
    results.note(
        "Spread: smallest and largest of the rounds; for first bytes the quartiles of the paired differences."
    )
    if "litellm" in {row[1] for row in results.costs}:
        results.note(f"LiteLLM: `{litellm.REQUIREMENT}`, one worker, no database, its logs off.")
    if len(CORES) == 1:
        results.note("The machine has one core only: proxies and load disturbed each other.")
    text = results.markdown()
    print(f"\n{text}", flush=True)
    if file is not None:
        file.write_text(text)


def stop(number: int, frame: FrameType | None) -> None:
    """Leave all contexts, once: what was started is ended by them."""
    for other in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGALRM):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped("time was up" if number == signal.SIGALRM else f"by {signal.Signals(number).name}")


if __name__ == "__main__":
    main()
