"""`tollway` as a process of its own, with a data folder of the test's and the simulator for a network."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulator.process import Running
from tollway.ledger.open import open_books
from tollway.model import CallRecord

MEASURED, MEASURING = Path(__file__).with_name("measured.py"), Path(__file__).with_name("measuring")
IS_MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ
TOLLWAY = (sys.executable, str(MEASURED)) if IS_MEASURED else (sys.executable, "-m", "tollway")
CALLER = Path(__file__).with_name("caller.py")
"""A program that makes calls, with Python's own HTTP client."""
_PROXY = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True)
class Office:
    """A data folder, and the providers that are reached from it."""

    home: Path
    sim: Running | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables on top of this process's own."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a process: no proxy, no home but ours."""
        kept = {name: value for name, value in os.environ.items() if name.lower() not in _PROXY}
        own = {"TOLLWAY_HOME": str(self.home), "HOME": str(self.home.parent)}
        if IS_MEASURED:
            paths = (str(MEASURING), *filter(None, [kept.get("PYTHONPATH")]))
            own["PYTHONPATH"] = os.pathsep.join(paths)
        return {**kept, **own, **self.environment}

    @property
    def options(self) -> tuple[str, ...]:
        """What makes the simulator every host there is, certificate checks included."""
        if self.sim is None:
            return ()
        trusted = f"ssl_verify_upstream_trusted_ca={self.sim.root_ca}"
        return ("--connect-to", f"::{self.sim.address}:{self.sim.port}", "--set", trusted)

    def words(self, command: str, *words: str) -> list[str]:
        """The words of `tollway COMMAND ...`."""
        return [*TOLLWAY, command, *(self.options if command in ("run", "serve", "inspect") else ()), *words]

    def run(self, command: str, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
        """`tollway COMMAND WORDS`, to its end, without a terminal; text unless `options` say otherwise."""
        settings = {"env": self.variables, "text": True, "stdin": subprocess.DEVNULL, **options}
        if "input" in options:
            del settings["stdin"]
        done: subprocess.CompletedProcess[str] = subprocess.run(  # type: ignore[call-overload]
            self.words(command, *words), capture_output=True, timeout=120, start_new_session=True, **settings
        )
        return done

    def start(self, command: str, *words: str) -> subprocess.Popen[str]:
        """`tollway COMMAND WORDS`, running: for a `with`."""
        return subprocess.Popen(
            self.words(command, *words), env=self.variables, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def calls(self) -> list[CallRecord]:
        """What the ledger holds, oldest first."""
        books = open_books(f"sqlite:{self.home / 'ledger.db'}")
        try:
            return list(books.calls())
        finally:
            books.close()


def caller(*calls: Sequence[str]) -> list[str]:
    """The words of a program that makes these calls: each URL, body, and headers as NAME:VALUE."""
    words = [word for call in calls for word in ("call", *call)]
    return [sys.executable, "-I", str(CALLER), *words]
