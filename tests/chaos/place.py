"""A ledger, a policy, the providers, and proxies on them: each a process of its own."""

import json
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from tests.chaos.watch import Watch, watched
from tests.chaos.witness import swear_in
from tests.simulator.process import Running
from tests.tollway.command import Office
from tollway.ledger.books import SqliteBooks
from tollway.ledger.open import open_ledger

LIMIT = "chaos"


@dataclass(frozen=True)
class Budget:
    """The one limit of a run."""

    usd: Decimal
    then: str = "[clamp, wait 30s, block]"

    def policy(self) -> str:
        """As YAML."""
        fields = f"name: {LIMIT}, amount: {self.usd} USD, window: month, enforce: hard, then: {self.then}"
        return f"version: 1\nlimits:\n  - {{{fields}}}\n"


@dataclass(frozen=True)
class Proxy:
    """One that runs."""

    url: str
    ca: Path
    pid: int
    """Of the process that serves."""

    def trust(self) -> ssl.SSLContext:
        """What a client needs."""
        return ssl.create_default_context(cafile=self.ca)

    def kill(self) -> None:
        """At once, without a word."""
        os.kill(self.pid, signal.SIGKILL)


@dataclass
class Place:
    """Where a part of the run takes place."""

    folder: Path
    sim: Running
    budget: Budget | None
    """None: a policy without limits."""
    rules: str = ""
    """What else its policy says."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of its proxies."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.log = self.folder / "log"
        self.office = Office(self.folder / "home", self.sim, self.environment)
        self.policy = self.folder / "policy.yaml"
        self._write_policy()
        self.tidy()
        swear_in(self.path)

    def _write_policy(self) -> None:
        """At once: a proxy that is there already may be reading it."""
        new = self.policy.with_suffix(".new")
        new.write_text(("version: 1\n" if self.budget is None else self.budget.policy()) + self.rules)
        new.replace(self.policy)

    def raise_to(self, usd: Decimal) -> None:
        """Edit the limit's amount: those who start next go by it, those who run do within a second."""
        if self.budget is not None:
            self.budget = replace(self.budget, usd=usd)
            self._write_policy()

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self.office.home / "ledger.db"

    @contextmanager
    def proxy(self) -> Iterator[Proxy]:
        """One for as long as the block lasts; then it is told to stop, and waited for.

        Raises RuntimeError if it does not start.
        """
        with self._process() as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"the proxy did not start: {self.log.read_text()[-2000:]}")
            facts = json.loads(line)
            try:
                yield Proxy(facts["url"], Path(facts["ca"]), facts["pid"])
            finally:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()

    @contextmanager
    def _process(self) -> Iterator[subprocess.Popen[bytes]]:
        words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(self.policy))
        with (
            self.log.open("ab") as log,
            subprocess.Popen(
                self.office.words("serve", *words), env=self.office.variables, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            ) as process,
        ):  # fmt: skip
            yield process

    def kill_at_its_start(self, seconds: float) -> None:
        """Start one, and kill it after so long, whatever it is at by then."""
        with self._process() as process:
            time.sleep(seconds)
            process.kill()

    @contextmanager
    def proxies(self, number: int) -> Iterator[list[Proxy]]:
        """So many of them on one ledger, one started after the other: the first makes the authority."""
        with ExitStack() as stack:
            yield [stack.enter_context(self.proxy()) for _ in range(number)]

    def tidy(self) -> None:
        """Open the ledger once more, as the next start does: what dead processes held is charged then."""
        open_ledger(f"sqlite:{self.path}").close()

    def watched(self) -> AbstractContextManager[Watch]:
        """Look at the ledger for as long as the block lasts."""
        return watched(self.path)

    def books(self) -> "closing[SqliteBooks]":
        """The ledger, to read."""
        return closing(SqliteBooks(self.path))
