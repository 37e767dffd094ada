"""Stock mitmproxy between Tollway and the providers: it writes what goes by into a flow file and a HAR."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.simulator import Simulator
from tests.simulator.process import ROOT


@dataclass(frozen=True)
class Recorder:
    """Where it listens, and what it writes; the HAR when it ends."""

    port: int
    root_ca: Path
    flows: Path
    har: Path


@asynccontextmanager
async def recorder(folder: Path, sim: Simulator) -> AsyncIterator[Recorder]:
    """mitmdump, as a reverse proxy of every provider, for as long as the context lasts."""
    folder.mkdir()
    flows, har = folder / "calls.flows", folder / "calls.har"
    options = ("mode=reverse:https://recorded.example", "keep_host_header=true", f"save_stream_file={flows}")
    words = (str(folder), str(sim.port), str(sim.root_ca), *options, f"hardump={har}")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.stock", *words,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'addons'}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            said = await process.stdout.readline()
        listens = re.search(rb"127\.0\.0\.1:(\d+)", said)
        assert listens is not None, said
        yield Recorder(int(listens[1]), folder / "mitmproxy-ca-cert.pem", flows, har)
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()
