"""The proxies that are compared: each a process of its own on the first core."""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import litellm
from tests.bench.calls import Call
from tests.bench.connection import Target
from tests.bench.policies import policy
from tests.bench.processes import CORE, OTHER, Process, accepts, said, started
from tests.ports import free_port
from tests.simulator.process import Running

OBJECT = re.compile(r"^\{.*\}$", re.MULTILINE)
HOSTS = ("api.openai.com", "api.anthropic.com")


@dataclass(frozen=True)
class Subject:
    """A running proxy."""

    name: str
    process: Process
    target: Target
    asks: Call | None = None
    """What it is asked for in the place of what the others are."""


@dataclass(frozen=True)
class Place:
    """Where subjects are started: a folder for their files, and the simulator that they lead to."""

    folder: Path
    simulator: Running

    @contextmanager
    def running(
        self,
        name: str,
        label: str = "",
        stalls: Path | None = None,
        policy: str = "",
        more: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        cores: Sequence[int] = (CORE,),
    ) -> Iterator[Subject]:
        """The proxy `name`, with files named for `label` too, for as long as the context lasts.

        `stalls`: where it is to write, at SIGUSR2, the longest step of its event loop. `policy`: Tollway's;
        `more`: words for it;
        `environment`: more variables; `cores`: where it runs.
        """
        folder = self.folder / f"{name}{label}"
        folder.mkdir()
        words = [*self._words(name, folder, policy), *more]
        variables = {"TOLLWAY_HOME": str(folder), **(environment or {})}
        if stalls is not None:
            words[2:2] = ["tests.bench.watched"]
            variables["BENCH_STALL"] = str(stalls)
        with started(words, folder / "log", *cores, environment=variables) as process:
            yield Subject(name, process, Target(int(said(process)[1])))

    @contextmanager
    def litellm(self) -> Iterator[Subject]:
        """LiteLLM's proxy for as long as the context lasts; installed if need be."""
        folder = self.folder / "litellm"
        folder.mkdir()
        port = free_port()
        words = litellm.command(folder, port, self.simulator.plain_port)
        with started(words, folder / "log", CORE, environment=litellm.environment(folder)) as process:
            accepts(process, port)
            yield Subject("litellm", process, Target(port, direct=True))

    def _words(self, name: str, folder: Path, said: str) -> list[str]:
        simulator = self.simulator
        kind, _, limits = name.partition("-limits-")
        if kind == "tollway":
            dialled = [f"--connect-to={simulator.connect_to(host)}" for host in HOSTS]
            ledger = f"--ledger=sqlite:{folder / 'ledger.db'}"
            trust = f"--set=ssl_verify_upstream_trusted_ca={simulator.root_ca}"
            said = said or (policy(int(limits)) if limits else "")
            more = [f"--policy={written(said, folder)}"] if said else []
            serve = [sys.executable, "-m", "tollway", "serve", "--listen=127.0.0.1:0"]
            return [*serve, ledger, trust, *dialled, *more]
        more = ["stream_large_bodies=1"] if name == "stock-streaming" else []
        module = f"tests.bench.{name.partition('-')[0]}"
        return [sys.executable, "-m", module, str(folder), str(simulator.port), str(simulator.root_ca), *more]


def written(text: str, folder: Path) -> Path:
    """A file with a policy."""
    file = folder / "policy.yaml"
    file.write_text(text)
    return file


def tell_stall(subject: Subject) -> None:
    """Have the subject write down its longest stall since it was last asked."""
    os.kill(subject.process.pid, signal.SIGUSR2)


@contextmanager
def simulator(folder: Path) -> Iterator[Running]:
    """The providers, on the second core; they remember the last request only."""
    folder.mkdir()
    options = ["--folder", str(folder), "--json", "--keep", "1"]
    with started([sys.executable, "-m", "tests.simulator", *options], folder / "log", OTHER) as process:
        facts = json.loads(said(process, OBJECT)[0])
        yield Running(**facts | {"root_ca": Path(facts["root_ca"])})
