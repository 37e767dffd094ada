"""The providers of a tour: the tests' simulator, as a process of its own."""

import asyncio
import http.client
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tollway
from tollway.errors import TollwayError

CHECKOUT = Path(tollway.__file__).resolve().parents[2]
"""Where it lies beside `addons`; a package installed from a wheel has none."""
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Got:
    """A request, as the provider has it."""

    sha256: str
    """Of the body, as it came."""
    size: int
    """Its bytes."""
    json: Any
    """What it says."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """Where it listens, and the certificate to trust for it."""

    address: str
    port: int
    plain_port: int
    """Where it is told what to do."""
    root_ca: Path

    async def open(self, gate: str) -> None:
        """Let the answers go that wait behind this gate (the field `gate` of a stop's answer)."""
        await asyncio.to_thread(self._open, gate)

    def _open(self, gate: str) -> None:
        status, _ = self._ask("POST", "/__gate", json.dumps({"open": gate}))
        if status != 200:
            raise TollwayError(f"the demo's simulator did not open the gate {gate!r}: status {status}")

    async def got(self) -> list[Got]:
        """The requests that have come, in their order."""
        _, said = await asyncio.to_thread(self._ask, "GET", "/__seen")
        return [Got(one["sha256"], one["size"], one["json"]) for one in json.loads(said)["seen"]]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection(self.address, self.plain_port, timeout=60)) as connection:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()


@asynccontextmanager
async def simulator(folder: Path, checkout: Path = CHECKOUT) -> AsyncIterator[Simulator]:
    """One, for as long as the context lasts; it ends by itself if this process dies. Raises TollwayError."""
    if not (checkout / "tests" / "simulator" / "__main__.py").is_file():
        raise TollwayError(
            "the demo's providers are the tests' simulator, which is not part of the installed package: "
            "clone the repository and run scripts/tollway demo there"
        )
    words = (sys.executable, "-m", "tests.simulator", "--folder", str(folder), "--json", "--until-eof")
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    process = await asyncio.create_subprocess_exec(
        *words, cwd=checkout, env=environment, stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        if not line:
            raise TollwayError("the demo's simulator did not start; its message is above")
        facts = json.loads(line)
        yield Simulator(facts["address"], facts["port"], facts["plain_port"], Path(facts["root_ca"]))
    finally:
        process.stdin.close()
        await process.wait()
