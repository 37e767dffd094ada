"""How long `tollway backtest` takes for a month of calls."""

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.live_view import USERS, history
from tests.bench.processes import CORE, ROOT
from tests.bench.table import Bar, Results

MOST = 60.0
"""Seconds, for a million calls."""
MILLION = 1_000_000
OURS = (
    "name: company, amount: 1000000 USD, window: month, alerts: [50%, 80%]",
    "name: user-day, per: user, amount: 3 USD, window: day",
    "name: tokens, per: [user, model], amount: 1000000M tokens, window: rolling 24h, enforce: soft",
)
"""About every call. The second refuses the last calls of each user's day: one in ten."""
OTHERS = 7
"""Limits that are about other teams."""


def backtest(results: Results, extent: Extent, folder: Path) -> None:
    """As a process of its own, from its start to its output."""
    place = folder / "backtest"
    place.mkdir()
    print(f"backtest: {extent.history} calls of {USERS} users", flush=True)
    history(place / "ledger.db", extent.history)
    (place / "policy.yaml").write_text(policy())
    seconds = [_taken(place) for _ in range(extent.backtests)]
    count = len(OURS)
    what = f"`tollway backtest FILE`: a million calls, {count + OTHERS} limits, of which {count} match each"
    bar = Bar(what=what, limit=MOST, unit=" s", places=1)
    results.bar(bar, whole([each * MILLION / extent.history for each in seconds]))


def policy() -> str:
    """OURS, and OTHERS beside them."""
    others = [
        f"name: other-{n}, match: {{team: team-{n}}}, amount: 10 USD, window: day" for n in range(OTHERS)
    ]
    said = "\n".join(f"  - {{{limit}}}" for limit in (*OURS, *others))
    return f"version: 1\nlimits:\n{said}\n"


def _taken(place: Path) -> float:
    """Seconds."""
    words = ["backtest", str(place / "policy.yaml"), f"--ledger=sqlite:{place / 'ledger.db'}"]
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "tollway", *words],
        env=os.environ | {"PYTHONPATH": str(ROOT / "addons")},
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(os.sched_setaffinity, 0, {CORE}),
    )
    return time.monotonic() - began
