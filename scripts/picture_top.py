"""Draws `docs/top.svg`: `tollway top` over real calls, of a few people through a proxy to the simulator.

PYTHONPATH=. .venv/bin/python scripts/picture_top.py
"""

import asyncio
import io
import json
import random
import re
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from tests.bench.subjects import Place, simulator
from tollway import clock
from tollway.ledger.open import open_follower
from tollway.live.glyphs import BLOCKS
from tollway.live.screen import screen
from tollway.live.span import Span
from tollway.live.view import View
from tollway.live.watch import Watch

WIDTH, HEIGHT = 124, 32
POLICY = """
version: 1
identity:
  - networks:
      127.0.0.11/32: {user: ann, team: ml}
      127.0.0.12/32: {user: bob, team: ml}
      127.0.0.13/32: {user: eve, team: web}
      127.0.0.14/32: {service: nightly, team: web}
always: [{match: {user: eve}, route: economy}]
routes: {economy: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
limits:
  - {name: company-day, amount: 20 USD, window: day, then: [block]}
  - {name: team-day, per: [team], amount: 6 USD, window: day, then: [clamp, block]}
  - {name: nightly, match: {service: nightly}, amount: 0.75 USD, window: day, then: [clamp, block]}
"""
CALLERS = (
    ("127.0.0.11", "claude-cli/2.1.197 (external, cli)", "claude-opus-4-8"),
    ("127.0.0.12", "claude-cli/2.1.197 (external, cli)", "claude-sonnet-4-5"),
    ("127.0.0.13", "claude-cli/2.1.197 (external, cli)", "claude-opus-4-8"),
    ("127.0.0.14", "OpenAI/Python 2.8.1", "gpt-5"),
)
"""Address, user agent, model."""
ROUNDS = 9


def body(model: str, number: int) -> dict[str, Any]:
    """A conversation that grows."""
    turns = [
        {"role": role, "content": "def f(x):\n    return x + 1\n" * 600} for role in ("user", "assistant")
    ]
    asked = {"model": model, "messages": [*turns * number, {"role": "user", "content": "go on"}]}
    return (
        {**asked, "max_tokens": 4096, "stream": True}
        if "claude" in model
        else {**asked, "max_completion_tokens": 4096}
    )


async def caller(port: int, address: str, program: str, model: str, chance: random.Random) -> None:
    """One person's calls, one after another; the last one is slow."""
    for number in range(1, ROUNDS + 1):
        await call(port, address, program, model, number, chance, 0.002 if number < ROUNDS else 0.2)


async def call(
    port: int, address: str, program: str, model: str, number: int, chance: random.Random, interval: float
) -> None:
    """One call, by curl, which comes from an address of its own."""
    claude = "claude" in model
    tokens = 9_000 * number
    cached = int(tokens * 0.9) if claude else 0
    usage = {"input_tokens": tokens, "cache_read_tokens": cached, "output_tokens": chance.randint(200, 3_000)}
    said = json.dumps({"events": chance.randint(20, 120), "interval": interval, "usage": usage})
    host, path = ("api.anthropic.com", "messages") if claude else ("api.openai.com", "chat/completions")
    headers = [
        f"user-agent: {program}",
        f"x-sim: {said}",
        "x-api-key: made-up",
        "content-type: application/json",
    ]
    words = ["-sk", "--interface", address, "--proxy", f"http://127.0.0.1:{port}", "--data-binary", "@-"]
    words += [word for header in headers for word in ("--header", header)]
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    curl = await asyncio.create_subprocess_exec(
        "curl", *words, f"https://{host}/v1/{path}", stdin=pipe, stdout=null
    )
    await curl.communicate(json.dumps(body(model, number)).encode())


async def traffic(port: int, ledger: str) -> list[Text]:
    """The view once everybody's last call is in flight."""
    chance = random.Random(7)
    calls = asyncio.gather(*(caller(port, *who, chance) for who in CALLERS))
    with closing(open_follower(ledger)) as follower:
        watch = Watch(follower, ZoneInfo("UTC"), Span.TODAY, clock.now)
        snapshot = watch.snapshot(Span.TODAY)
        while not calls.done() and (snapshot.flying < 2 or snapshot.total.calls < ROUNDS * len(CALLERS) - 2):
            await asyncio.sleep(0.2)
            snapshot = watch.snapshot(Span.TODAY)
        lines = screen(snapshot, View(), BLOCKS, WIDTH, HEIGHT)
    await calls
    return lines


def main() -> None:
    """Draw the picture."""
    with tempfile.TemporaryDirectory() as folder, simulator(Path(folder) / "simulator") as providers:
        place = Place(Path(folder), providers)
        with place.running("tollway", policy=POLICY) as proxy:
            lines = asyncio.run(traffic(proxy.target.port, f"sqlite:{folder}/tollway/ledger.db"))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text("\n").join(lines))
    out = Path(__file__).resolve().parents[1] / "docs" / "top.svg"
    drawn = console.export_svg(title="tollway top")
    out.write_text(re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
