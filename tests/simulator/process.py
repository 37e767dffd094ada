"""The simulator as a process of its own, for benchmarks, the demo, and tests that block."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Where it listens, and its control paths."""

    address: str
    port: int
    plain_port: int
    root_ca: Path
    pid: int

    def connect_to(self, host: str) -> str:
        """`HOST:443:ADDRESS:PORT`, as curl's and Tollway's --connect-to have it."""
        return f"{host}:443:{self.address}:{self.port}"

    def seen(self) -> list[dict[str, Any]]:
        """The requests so far, as JSON: the fields of `Seen`, `cut`, the body as size, sha256 and json."""
        seen: list[dict[str, Any]] = self._call("GET", "/__seen")["seen"]
        return seen

    def stats(self) -> dict[str, Any]:
        """requests, connections, open, faults."""
        return self._call("GET", "/__stats")

    def reset(self) -> None:
        """Forget requests, rules, open gates and the default scenario."""
        self._call("DELETE", "/__seen")

    def default(self, **scenario: Any) -> None:
        """Set the default scenario: fields as JSON, see `overrides`."""
        self._call("POST", "/__scenario", {"scenario": scenario})

    def on(self, host: str, path: str, *, times: int | None = None, **scenario: Any) -> None:
        """Add a rule, as `Simulator.on`."""
        self._call("POST", "/__scenario", {"host": host, "path": path, "times": times, "scenario": scenario})

    def open(self, gate: str) -> None:
        """Let the answers go that wait behind this gate (`Scenario.gate`)."""
        self._call("POST", "/__gate", {"open": gate})

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self.address, self.plain_port, timeout=120)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            value: dict[str, Any] = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise ValueError(f"the simulator says: {value.get('error')}")
        return value


@contextmanager
def running(folder: Path, options: Sequence[str] = ()) -> Iterator[Running]:
    """Start one, and end it with the block. It ends by itself if this process dies.

    `options` are those of `python -m tests.simulator`. Raises RuntimeError if it does not start.
    """
    command = [sys.executable, "-m", "tests.simulator", "--folder", str(folder), "--json", "--until-eof"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the simulator did not start: exit status {process.wait()}")
        facts = json.loads(line)
        try:
            yield Running(**facts | {"root_ca": Path(facts["root_ca"])})
        finally:
            process.stdin.close()
            process.wait(10)
