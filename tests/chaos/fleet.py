"""A fleet on Redis: three machines, two workers each, one budget; whatever can die dies at random."""

import asyncio
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mitmproxy.utils.asyncio_utils import create_task

from tests.chaos.accounts import Account, account
from tests.chaos.calls import Call
from tests.chaos.evidence import Evidence
from tests.chaos.load import Outcome, ask, client
from tests.chaos.parts import SMALL, Run, real_cost
from tests.chaos.place import Budget, Place, Proxy
from tests.chaos.redis_pair import RedisPair, redis_pair
from tests.tollway.command import Office
from tests.tollway.several import parent, pids
from tollway import clock
from tollway.ledger.books import SqliteBooks
from tollway.ledger.fleet.collecting import collect
from tollway.ledger.open import open_ledger
from tollway.model import CallRecord
from tollway.money import nano

MACHINES, WORKERS = 3, 2
FITS = 1_000
"""How many calls the budget fits, at their real cost."""
CALLERS = 24
PAUSE_SECONDS = 0.3
"""What a caller waits whose call was not answered, or had no ledger to be held in."""
EVERY_SECONDS = 4.0
"""How often something is done to it."""


class Machines(Place):
    """Places of the same fleet: each machine has a home, and journals, of its own."""

    def __init__(self, run: Run, pair: RedisPair, folder: Path) -> None:
        self.pair = pair
        super().__init__(
            folder,
            run.sim,
            Budget(real_cost(FITS), "[clamp, wait 2s, block]") if run.limits else None,
            "faults: {store_down: local}\n",
        )

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.log = self.folder / "log"
        self.policy = self.folder / "policy.yaml"
        self._write_policy()
        self.office = Office(self.folder / "home", self.sim)

    def url(self, machine: int) -> str:
        """The ledger, as one machine names it."""
        return self.pair.url(self.folder / f"machine-{machine}")

    def journals(self) -> list[Path]:
        """Of all machines."""
        return sorted(self.folder.glob("machine-*/[0-9]*.db"))

    @contextmanager
    def process(self, machine: int) -> Iterator[subprocess.Popen[bytes]]:
        """A proxy that is coming up; at the end it is told to stop, unless it was killed."""
        words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(self.policy))
        ledger = ("--workers", str(WORKERS), "--ledger", self.url(machine))
        with (
            self.log.open("ab") as log,
            subprocess.Popen(
                self.office.words("serve", *words, *ledger), env=self.office.variables,
                start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
            ) as process,
        ):  # fmt: skip
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()

    def close_books(self) -> None:
        """Start each machine's processes once more: what the dead held is charged then, and all is told."""
        with ExitStack() as stack:
            for path in self.journals():
                machine = int(path.parent.name.partition("-")[2])
                stack.enter_context(closing(open_ledger(self.url(machine))))


@dataclass
class Slot:
    """A place for a supervisor, in which another one comes up when it has died."""

    machine: int
    proxy: Proxy | None = None


def fleet(run: Run) -> Account:
    """Calls race for the budget while processes, Redis and its replica die."""
    run.sim.reset()
    with redis_pair(run.folder / "fleet-redis") as pair:
        place = Machines(run, pair, run.folder / "fleet")
        calls = [Call(f"fleet{i}", sim=SMALL) for i in range(3 * run.calls)]
        events = asyncio.run(_Race(run, place, calls).run())
        print(f"        {', '.join(f'{name} {times}' for name, times in sorted(events.items()))}", flush=True)
        place.close_books()
        rows = list(_rows(place))
        apart = _apart(place) + _uncollected(place, rows)
        amount = nano(place.budget.usd) if place.budget else None
        evidence = Evidence(over_nano=0, holding=_holding(place), apart=apart, looks=1)
        return account(calls, run.sim.seen(), rows, amount, evidence)


class _Race:
    """Some callers, each making one call after the other through whichever process lives."""

    def __init__(self, run: Run, place: Machines, calls: Sequence[Call]) -> None:
        self._run = run
        self._place = place
        self._left = iter(calls)
        self._slots = [Slot(machine) for machine in range(MACHINES)]
        self._events: dict[str, int] = {}
        self._over = asyncio.Event()

    async def run(self) -> dict[str, int]:
        """What was done, and how often."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * len(self._slots) + 4))
        keeping = [create_task(self._keep(slot), name="keep", keep_ref=True) for slot in self._slots]
        while not all(slot.proxy for slot in self._slots):
            await asyncio.sleep(0.1)
        doing = [
            create_task(self._strike(), name="strike", keep_ref=True),
            create_task(self._collect(), name="collect", keep_ref=True),
        ]
        await asyncio.gather(*(self._calls() for _ in range(CALLERS)))
        self._over.set()
        await asyncio.gather(*doing, *keeping)
        return self._events

    async def _keep(self, slot: Slot) -> None:
        """Have a process run there, again and again."""
        while not self._over.is_set():
            await asyncio.to_thread(self._one_life, slot)

    def _one_life(self, slot: Slot) -> None:
        with self._place.process(slot.machine) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            if line:
                facts = json.loads(line)
                slot.proxy = Proxy(facts["url"], Path(facts["ca"]), facts["pid"])
            while process.poll() is None and not self._over.is_set():
                threading.Event().wait(0.05)
            slot.proxy = None

    async def _calls(self) -> None:
        for call in self._left:
            while not (living := [slot.proxy for slot in self._slots if slot.proxy is not None]):
                await asyncio.sleep(0.05)
            outcome = await self._ask(self._run.chance.choice(living), call)
            if outcome.status in (None, 503):
                await asyncio.sleep(PAUSE_SECONDS)

    async def _ask(self, proxy: Proxy, call: Call) -> Outcome:
        async with client(proxy, http2=False) as one:
            return await ask(one, call)

    async def _strike(self) -> None:
        """Do something to it, every now and then."""
        while not self._over.is_set():
            await asyncio.sleep(EVERY_SECONDS * self._run.chance.uniform(0.5, 1.5))
            kills = [self._kill, self._kill, self._kill_all]
            does = self._run.chance.choice([*kills, *self._place.pair.every()])
            name = getattr(does, "__name__", "").strip("_").replace("<lambda>", "hang")
            self._events[name] = self._events.get(name, 0) + 1
            await asyncio.to_thread(does)

    def _kill(self) -> None:
        """A worker, which its supervisor starts anew."""
        living = [slot.proxy.pid for slot in self._slots if slot.proxy is not None]
        if workers := [pid for pid in pids() if parent(pid) in living]:
            with suppress(ProcessLookupError):
                os.kill(self._run.chance.choice(workers), signal.SIGKILL)

    def _kill_all(self) -> None:
        """A supervisor, whose workers end with it."""
        if living := [slot.proxy for slot in self._slots if slot.proxy is not None]:
            self._run.chance.choice(living).kill()

    async def _collect(self) -> None:
        """As `tollway collect --follow` does."""
        while not self._over.is_set():
            await asyncio.sleep(1)
            await asyncio.to_thread(_collected, self._place)


def _collected(place: Machines) -> Path:
    path = place.folder / "collected.db"
    try:
        collect(place.url(0), path, clock.now_us())
    except Exception as error:
        print(f"        collect: {error}", flush=True)
    return path


def _rows(place: Machines) -> Iterator[CallRecord]:
    """Of all journals."""
    for path in place.journals():
        with closing(SqliteBooks(path)) as books:
            yield from books.calls()


def _uncollected(place: Machines, rows: Sequence[CallRecord]) -> int:
    """Calls that the collected file lacks, or has otherwise than the journals."""
    path = _collected(place)
    with closing(SqliteBooks(path)) as books:
        found = {call.id: call for call in books.calls()}
    return sum(found.get(row.id) != row for row in rows if row.state != "open")


def _buckets(place: Machines) -> list[tuple[int, int]]:
    """What Redis says is settled and held, bucket by bucket."""
    redis = place.pair.client
    keys = [key for key in redis.scan_iter("{tollway:tollway}:limit:*") if not key.endswith(b":alerts")]
    return [(int(redis.hget(key, "s") or 0), int(redis.hget(key, "h") or 0)) for key in keys]


def _apart(place: Machines) -> int:
    """Buckets that are not the sum of the journals' rows: there is one, of all calls."""
    charged = sum(row.cost.nano for row in _rows(place) if row.state != "open")
    return sum(settled != charged for settled, _ in _buckets(place))


def _holding(place: Machines) -> int:
    return sum(held != 0 for _, held in _buckets(place))
