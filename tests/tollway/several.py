"""`tollway serve --workers N`, as processes: who they are, who served, and what they say."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.tollway.calls import CHAT, Call
from tests.tollway.command import Office
from tests.tollway.scraped import Scraped, read

LONG = 120.0
"""Seconds that nothing here takes."""
KEY = {"authorization": "Bearer made-up-key", "content-type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What a client got; the status 0: its connection broke."""

    status: int
    body: bytes = b""


class Several:
    """A supervisor with its workers."""

    def __init__(self, office: Office, process: Any) -> None:
        self.office = office
        self.process = process
        self.facts: dict[str, Any] = json.loads(process.stdout.readline() or "{}")
        self.log: list[str] = []
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    @property
    def port(self) -> int:
        """Of its first mode."""
        assert self.facts, (self.process.wait(LONG), self.log)
        return int(self.facts["port"])

    def _read(self) -> None:
        for line in self.process.stderr:
            self.log.append(line.rstrip("\n"))

    def said(self, text: str, times: int = 1) -> list[str]:
        """The lines of the log with this text, once there are so many."""
        return until(lambda: (lines := [one for one in self.log if text in one])[times - 1 :] and lines)

    def workers(self) -> set[int]:
        """The processes whose parent is the supervisor, and that live."""
        return {pid for pid in pids() if parent(pid) == self.process.pid}

    def connection(self, host: str, port: int | None = None) -> http.client.HTTPSConnection:
        """To a provider, through it; the caller closes it."""
        trust = ssl.create_default_context(cafile=self.office.home / "ca" / "tollway-ca.pem")
        client = http.client.HTTPSConnection("127.0.0.1", port or self.port, timeout=LONG, context=trust)
        client.set_tunnel(host, 443)
        return client

    def ask(self, call: Call = CHAT, port: int | None = None, **headers: str) -> Answer:
        """Make a call on a connection of its own."""
        with closing(self.connection(call.host, port)) as client:
            try:
                client.request("POST", call.path, call.content, KEY | headers)
                with client.getresponse() as answer:
                    return Answer(answer.status, answer.read())
            except (OSError, http.client.HTTPException):
                return Answer(0)

    def ask_all(self, count: int, call: Call = CHAT, port: int | None = None) -> list[Answer]:
        """So many at once."""
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(lambda _: self.ask(call, port), range(count)))

    def ask_each(self, port: int | None = None) -> None:
        """Make calls until each worker has served some of them, all well."""
        before = self.served()

        def asked() -> bool:
            assert {answer.status for answer in self.ask_all(8, port=port)} == {200}
            return (self.served() - before).keys() == self.workers()

        until(asked)

    def scrape(self) -> Scraped:
        """Its metrics."""
        address = urlsplit(str(self.facts["metrics"]))
        with closing(http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=LONG)) as client:
            client.request("GET", address.path)
            with client.getresponse() as answer:
                assert answer.status == 200
                return read(answer.read().decode())

    def served(self, where: str = "1") -> Counter[int]:
        """How many calls of the ledger each process has written, by its id. `where`: of which calls."""
        with closing(sqlite3.connect(f"file:{self.office.home / 'ledger.db'}?mode=ro", uri=True)) as db:
            rows = db.execute(f"SELECT process FROM calls WHERE {where}").fetchall()
        return Counter(int(process.partition("-")[0]) for (process,) in rows)

    def end(self) -> int:
        """Its status, once it has ended."""
        status = int(self.process.wait(LONG))
        self._reading.join(LONG)
        return status

    def stop(self) -> int:
        """The same, told to stop."""
        self.process.terminate()
        return self.end()


@contextmanager
def several(office: Office, *words: str, workers: int = 2, listen: str = "127.0.0.1:0") -> Iterator[Several]:
    """They are gone at the end, one way or the other."""
    words = ("--workers", str(workers), "--listen", listen, "--format", "json", *words)
    with office.start("serve", *words) as process:
        there = Several(office, process)
        try:
            yield there
        finally:
            left = there.workers()
            process.kill()
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def until[T](look: Callable[[], T]) -> T:
    """What it finds, once that is something."""
    end = time.monotonic() + LONG
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return found


def pids() -> Iterator[int]:
    """Of all processes."""
    return (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())


def parent(pid: int) -> int | None:
    """Of a process that lives; a zombie does not."""
    with suppress(OSError):
        state, above = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
        return None if state == "Z" else int(above)
    return None


def policy(office: Office, text: str) -> str:
    """The file of a policy."""
    path = office.home.parent / "policy.yaml"
    fresh = path.with_suffix(".new")
    fresh.write_text(f"version: 1\n{text}")
    fresh.replace(path)
    return str(path)


def is_open(port: int) -> bool:
    """Whether anybody listens."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
