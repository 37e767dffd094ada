"""A process that does work of `inside`, and what that takes it."""

import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.bench.figures import Figure, whole
from tests.bench.governed import Work
from tests.bench.processes import CORE, Process, said, started


class Kind(NamedTuple):
    """What is to be done, under which circumstances."""

    work: Work
    limits: int = 0
    users: int = 20
    durability: str = "process"
    rates: bool = False


@dataclass(frozen=True)
class Worker:
    """It runs on a core of its own, the proxies' if no other is named."""

    kind: Kind
    process: Process
    port: int

    def does(self, work: Work, count: int, at_once: int) -> tuple[float, float]:
        """Seconds of CPU, and of the clock, for so many. Raises RuntimeError if it fails."""
        before = self.process.cpu()
        with socket.create_connection(("127.0.0.1", self.port)) as asking:
            asking.sendall(f"{work} {count} {at_once}\n".encode())
            answer = asking.makefile().readline()
        if not answer:
            raise RuntimeError(f"a worker failed; it printed:\n{self.process.log.read_text()[-2000:]}")
        return self.process.cpu() - before, float(answer)


@contextmanager
def working(folder: Path, kind: Kind, *, ledger: Path | None = None, core: int = CORE) -> Iterator[Worker]:
    """A worker for as long as the context lasts, with its files in the folder; `ledger`: another's folder,
    whose ledger is its, too."""
    folder.mkdir()
    words = [str(ledger or folder), str(kind.limits), str(kind.users), kind.durability, str(kind.rates)]
    with started([sys.executable, "-m", "tests.bench.inside", *words], folder / "log", core) as process:
        yield Worker(kind, process, int(said(process)[1]))


@dataclass
class Taken:
    """An entry for each round."""

    cpu: list[float] = field(default_factory=list)
    """Microseconds of each piece of work."""
    rate: list[float] = field(default_factory=list)
    """Pieces in a second."""

    def figures(self) -> tuple[Figure, Figure]:
        """Both."""
        return whole(self.cpu), whole(self.rate)


def in_turns(workers: Mapping[str, Worker], rounds: int, count: int, at_once: int) -> Mapping[str, Taken]:
    """Each worker in each round, another one first each time; a round before them is not counted."""
    taken = {name: Taken() for name in workers}
    for name in workers:
        one_round(workers[name], Taken(), count, at_once)
    for number in range(rounds):
        for name in turned(list(workers), number):
            one_round(workers[name], taken[name], count, at_once)
    return taken


def turned(names: Sequence[str], number: int) -> Sequence[str]:
    """The names, beginning with another one each time."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def one_round(worker: Worker, taken: Taken, count: int, at_once: int) -> None:
    """Add a round's figures."""
    cpu, seconds = worker.does(worker.kind.work, count, at_once)
    taken.cpu.append(cpu / count * 1_000_000)
    taken.rate.append(count / seconds)
