"""The keys that Tollway gave out, in Redis: each process has them in memory, at most a second old."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Lock, Thread

import msgspec

from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import READ_SECONDS, Server, where

EVERY_SECONDS = 1.0
"""How often they are read anew."""
FIRST_SECONDS = 1.0
"""For how long the first look waits for them: calls wait for it."""
STALE_SECONDS = 60.0
"""For how long those that are known are good while Redis is away: one may have been revoked since."""


class FleetKeys:
    """`Keys`. What is added or revoked elsewhere holds here within EVERY_SECONDS."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Reads them in a thread of its own. Raises LedgerError for a URL that is none; Redis may be away."""
        place = where(url)
        self._shown = place.shown
        self._key = Names(place.organisation).named("keys")
        self._server = Server(place, READ_SECONDS)
        self._using = Lock()
        self._monotonic = monotonic
        self._known: Mapping[bytes, VirtualKey] = {}
        self._read_at: float | None = None
        self._tried = Event()
        """Whether they were read, or could not be."""
        self._stopped = Event()
        self._thread: Thread | None = None

    def find(self, digest: bytes) -> VirtualKey | None:
        """As `Keys.find`: from memory."""
        if self._thread is None:
            self._begin()
            self._tried.wait(FIRST_SECONDS)
        if self._read_at is None or self._monotonic() - self._read_at > STALE_SECONDS:
            raise LedgerError(
                f"ledger {self._shown}: keys can't be read, and may have been revoked: is Redis there?"
            )
        return self._known.get(digest)

    def all(self) -> list[VirtualKey]:
        """As `Keys.all`."""
        self._read()
        return sorted(self._known.values(), key=lambda key: (key.created_us, key.digest))

    def add(self, key: VirtualKey) -> None:
        """As `Keys.add`. It is there as surely as Redis keeps what it is told."""
        with self._using:
            is_new = self._server.ask("HSETNX", self._key, key.digest.hex(), msgspec.json.encode(key))
        if not is_new:
            raise LedgerError(f"ledger {self._shown}: key {key.id} was given out before")
        self._read()

    def revoke(self, id: str, at_us: int) -> bool:
        """As `Keys.revoke`."""
        found = [key for key in self.all() if key.id == id.lower() and key.revoked_us is None]
        with self._using:
            for key in found:
                revoked = msgspec.structs.replace(key, revoked_us=at_us)
                self._server.ask("HSET", self._key, key.digest.hex(), msgspec.json.encode(revoked))
        self._read()
        return bool(found)

    def close(self) -> None:
        """As `Keys.close`."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._server.close()

    def _begin(self) -> None:
        self._thread = Thread(target=self._follow, name="tollway-keys", daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            with suppress(LedgerError, msgspec.MsgspecError):  # `find` says so once it matters
                self._read()
            self._tried.set()
            self._stopped.wait(EVERY_SECONDS)

    def _read(self) -> None:
        with self._using:
            found = self._server.ask("HVALS", self._key)
        keys = [msgspec.json.decode(each, type=VirtualKey) for each in found]
        self._known = {key.digest: key for key in keys}
        self._read_at = self._monotonic()
