"""Nodes of a fleet for its tests: their clocks, their journals, and what Redis has of them."""

import secrets
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis

from tests.redis_server import RedisServer
from tests.tollway.ledger.limits import DAY_US, Limit
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Bucket, Want
from tollway.ledger.buckets import bucket_of
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.fleet.names import Names
from tollway.ledger.store import Refused, Reserved
from tollway.model import CallRecord

DAY = NOON_US - NOON_US % DAY_US


@dataclass
class Clock:
    """Says what it is told to."""

    now_us: int = NOON_US
    monotonic_s: float = 1_000.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.now_us / 1_000_000

    def monotonic(self) -> float:
        """Seconds of a clock that only goes forward."""
        return self.monotonic_s

    def pass_by(self, seconds: float) -> None:
        """Both clocks go on."""
        self.now_us += int(seconds * 1_000_000)
        self.monotonic_s += seconds


class Fleet:
    """An organisation of its own on a server that may have others."""

    def __init__(self, server: RedisServer, folder: Path) -> None:
        organisation = secrets.token_hex(4)
        self.server = server
        self.folder = folder / organisation
        self.plain = f"{server.url}&organisation={organisation}"
        self.names = Names(organisation)
        self.clock = Clock()

    def url(self, machine: str = "") -> str:
        """As a process of a machine names it: each has a folder of journals."""
        return f"{self.plain}&journal={self.folder / f'machine{machine}'}"

    def node(self, machine: str = "", clock: Clock | None = None) -> FleetLedger:
        """A process."""
        clock = clock or self.clock
        return FleetLedger(self.url(machine), now=clock.now, monotonic=clock.monotonic)

    def journals(self, machine: str = "*") -> list[Path]:
        """The files of a machine's processes, or of all machines'."""
        return sorted(self.folder.glob(f"machine{machine}/[0-9]*.db"))

    def parts(self, machine: str = "*", rolls: bool = False) -> dict[str, Counter[str]]:
        """By the bucket's name: what journals together have settled and held, where it is anything. `rolls`:
        in windows that roll only."""
        found: dict[str, Counter[str]] = {}
        for path in self.journals(machine):
            for bucket, settled, held in in_journal(path):
                if rolls and bucket.rolling_us is None:
                    continue
                part = found.setdefault(self.names.bucket(bucket), Counter())
                part.update(settled=settled, held=held)
        return {name: part for name, part in found.items() if part["settled"] or part["held"]}

    def shared(self) -> dict[str, Counter[str]]:
        """The same, as Redis has it."""
        found: dict[str, Counter[str]] = {}
        with closing(self.server.client()) as client:
            for key in client.scan_iter(self.names.named("*").replace("[", "?"), count=1_000):
                if any(kind in key for kind in (b"}:limit:", b"}:at-once:")) and not key.endswith(b":alerts"):
                    # redis-py's types have one answer for clients that wait and those that await.
                    found_there: dict[bytes, bytes] = client.hgetall(key)  # type: ignore[assignment]
                    fields = {name: int(each) for name, each in found_there.items() if name != b"d"}
                    check_sums(fields)
                    part = Counter(settled=fields.get(b"s", 0), held=fields.get(b"h", 0))
                    found[key.decode()] = part
        return {name: part for name, part in found.items() if part["settled"] or part["held"]}

    def row(self, bucket: Bucket) -> tuple[int, int]:
        """What Redis says that is settled and held in one bucket."""
        with closing(self.server.client()) as client:
            settled, held = client.hmget(self.names.bucket(bucket), "s", "h")
        return int(settled or 0), int(held or 0)

    def has_part(self, name: str, node: str) -> bool:
        """Whether Redis has anything of a node in a bucket."""
        with closing(self.server.client()) as client:
            return bool(client.hexists(name, f"s:{node}") or client.hexists(name, f"h:{node}"))

    def client(self) -> Redis:
        """A client of its server."""
        return self.server.client()


def check_sums(fields: dict[bytes, int]) -> None:
    """A bucket's sums are those over its parts."""
    for letter in (b"s", b"h"):
        parts = [value for name, value in fields.items() if name.startswith(letter + b":")]
        assert fields.get(letter, 0) == sum(parts), fields


def in_journal(path: Path) -> list[tuple[Bucket, int, int]]:
    """What a journal has settled and held in each bucket that nodes have parts in."""
    sql = """SELECT limit_name, limit_key, per, unit, start_us, end_us, rolling_us, slot_us, settled, held
        FROM buckets JOIN balances ON bucket = id"""
    with closing(sqlite3.connect(path)) as db:
        found = [(bucket_of(row[:8]), row[8], row[9]) for row in db.execute(sql)]
    return [each for each in found if not each[0].slides]


async def quiet(ledger: FleetLedger) -> None:
    """Wait until a process has done all that was asked of it, and what it does when time has passed."""
    await ledger.extend([], 0)
    await ledger.extend([], 0)


async def asked(ledger: FleetLedger, call: CallRecord, wants: list[Want], now_us: int | None = None) -> Any:
    """How a call fares."""
    return await ledger.reserve(call, wants, call.started_us if now_us is None else now_us)


async def is_admitted(ledger: FleetLedger, call: CallRecord, wants: list[Want]) -> bool:
    """Whether a call is."""
    outcome = await asked(ledger, call, wants)
    assert isinstance(outcome, Reserved | Refused)
    return isinstance(outcome, Reserved)


def want(limit: Limit | None = None, hold: int = 100, at_us: int = NOON_US, **fields: Any) -> Want:
    """What a call wants of a limit that all calls share."""
    limit = limit or Limit()
    bucket = next(limit.buckets(CallRecord(id="", state="open", started_us=at_us, team=limit.team), at_us))
    return Want(bucket=bucket, amount=limit.amount, enforce=limit.enforce, hold=hold, **fields)
