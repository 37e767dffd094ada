"""One node's dealings with Redis: it joins, tells its part, has calls admitted; away is away for a while."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct

from tollway.budget.bucket import Balance, Bucket, Want
from tollway.discovery.sighting import Sighting
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import log, tunnels
from tollway.ledger.fleet.alone import Alone, decided, of_fleet
from tollway.ledger.fleet.asking import (
    Ask,
    admitted,
    against,
    asked,
    balances,
    held_by,
    looked_at,
    sets_aside,
)
from tollway.ledger.fleet.describing import Descriptions, expires_ms
from tollway.ledger.fleet.journal import Acquaintance
from tollway.ledger.fleet.mirror import MOST_AT_ONCE, Mirror, Part
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server, script
from tollway.ledger.store import Reached, Refused, Reserved
from tollway.model import CallRecord
from tollway.readiness.store import EVICTS

logger = logging.getLogger(__name__)

LEASE_US = 120_000_000
"""How long a node is taken to live that is not heard of. It is heard of every second."""
MARGIN_US = 10_000_000
"""How much sooner it takes itself for gone: clocks differ."""
AGAIN_SECONDS = 1.0
"""How soon it is tried again whether Redis is there."""
MOST_CORRECTIONS = 1_000
"""That wait for Redis to be back: the newest, as the others leave their windows first."""
CLOSED = (
    "hard limits are closed until every process has told what it had spent (Redis lost data, or was started "
    "anew)"
)
FORGOT = (
    "Redis keeps a file of all that is written, and has nothing of it since it was started anew: if the file "
    "is there, its user `default` lacks the rights to read it (README, Several machines)"
)
TWICE = "another process writes in the name of this one: was its journal copied? Delete the copy"

EXCHANGE, JOIN = script("sliding", "exchange"), script("sliding", "evicting", "join")
_UNPACK = msgspec.msgpack.Decoder(strict=False).decode
_PACK = msgspec.msgpack.Encoder().encode


class Correction(Struct, frozen=True):
    """What a rate in a window is to count more, or less, as of a moment."""

    bucket: Bucket
    more: int
    at_us: int


class _Keys:
    """The keys of buckets of one exchange, each once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._places: dict[str, int] = {}
        self.with_parts: set[str] = set()
        """Those that nodes have parts in: all but windows of rates."""

    def place(self, bucket: Bucket) -> int:
        name = self._names.bucket(bucket)
        if not bucket.slides:
            self.with_parts.add(name)
        return self._places.setdefault(name, len(self._places))

    def place_of(self, name: str) -> int:
        self.with_parts.add(name)
        return self._places.setdefault(name, len(self._places))

    @property
    def all(self) -> list[str]:
        return [*self._places]


class Desk:
    """From one thread. All raise LedgerError where Redis is away; then nothing is held."""

    def __init__(
        self,
        server: Server,
        names: Names,
        known: Acquaintance,
        process: str,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        grace_seconds: float,
        others: Callable[[str, bool], bool] = lambda server, lost: True,
    ) -> None:
        """`known`: whose part it is, and what it knows; `process`: who tells it. `now`: seconds since the
        epoch; `monotonic`: of a clock that only goes forward. `grace_seconds`: how long hard limits stay
        closed at the least where another server answers. `others`: has it told what nobody else will tell
        on this machine, before this node says that it has told all of its own; `lost`: whatever it was told
        before, since it lost its data. False: some of that can't be known, and then this node says so only
        when nobody is waited for any more."""
        self._others = others
        self.mirror = Mirror()
        self.names = names
        self._server = server
        self._node = known.node
        self._process = process
        self._now = now
        self._monotonic = monotonic
        self.known = known
        self._descriptions = Descriptions()
        self._session = ""
        self._sessions = 0
        self._is_complete = False
        self._again = float("-inf")
        self._away: LedgerError | None = None
        self._corrections: list[Correction] = []
        self._grace_us = int(grace_seconds * 1_000_000)
        self._opens_us = 0
        """Hard limits are closed until then at the least, ..."""
        self._closed_us = 0
        """... and at the most."""
        self._complete_us = 0
        """Not before does it say that it has told all."""
        self._heard = float("-inf")
        """When it began what Redis answered last."""
        self._joined_as = ""
        """The last session that Redis said it has joined."""
        self._joined = known
        self._has_lost = False
        """Whether the server had lost its data, or was started anew, shortly before this node joined."""
        self._evicts = ""
        """The policy by which Redis deletes keys by itself, as it was told last."""

    @property
    def is_joined(self) -> bool:
        """Whether Redis hears it."""
        return bool(self._session)

    @property
    def is_leased(self) -> bool:
        """Whether others surely count with what Redis has of it: even where its data have been lost since."""
        return self._monotonic() < self._heard + (LEASE_US - MARGIN_US) / 1_000_000

    def alone(self, wants: Sequence[Want], own: Sequence[Balance], away: LedgerError) -> Alone:
        """What becomes of a call while Redis is away; as of `alone.decided`."""
        return decided(wants, own, [self._part(want.bucket) for want in wants], self.is_leased, away)

    def of_fleet(self, balance: Balance) -> Balance:
        """The same bucket over all nodes, as far as it is known."""
        return of_fleet(balance, self._part(balance.bucket))

    def _part(self, bucket: Bucket) -> Part | None:
        return self.mirror.of(self.names.bucket(bucket))

    def exchange(
        self, asks: Sequence[Ask] = (), corrections: Sequence[Correction] = ()
    ) -> list[Reserved | Reached | Refused | LedgerError]:
        """Tell what there is to tell, and have calls admitted: in one round trip, unless there is much."""
        self._corrections = [*self._corrections, *corrections][-MOST_CORRECTIONS:]
        self._come_in()
        while len(self.mirror.to_tell(MOST_AT_ONCE)) == MOST_AT_ONCE:
            self._once((), ())
        _, outcomes, _ = self._once(asks, ())
        return outcomes

    def look(self, wants: Sequence[Want], now_us: int) -> tuple[Balance, ...]:
        """How the bucket of each want stands, over all nodes."""
        self._come_in()
        return balances(wants, self._once((), wants, now_us)[2])

    def over(self, names: Sequence[str]) -> None:
        """Nobody counts in these buckets any more. Raises LedgerError."""
        if names:
            self.ask("SREM", self.names.parts(self._node), *names)

    def do(self, text: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
        """What another script answers."""
        self._come_in()
        return self._guarded(text, keys, values, ())

    def log(self, calls: Sequence[CallRecord]) -> None:
        """Write them to the fleet's log."""
        self._come_in()
        with self._minding(()):
            log.add(self._server, self.names, calls)

    def tell_tunnels(self, seen: Sequence[Sighting]) -> None:
        """Write what this node has of tunnels to the fleet's log of them."""
        self._come_in()
        with self._minding(()):
            tunnels.add(self._server, self.names, self._node, seen)

    def ask(self, *words: Any) -> Any:
        """What a command answers."""
        self._come_in()
        with self._minding(()):
            return self._server.ask(*words)

    def close(self) -> None:
        """Let go."""
        self._server.close()

    def _come_in(self) -> None:
        """Join, if need be, and tell all. Raises LedgerError at once while Redis is known to be away."""
        if self.is_joined:
            return
        if self._away is not None and self._monotonic() < self._again:
            raise LedgerError(*self._away.args)
        self._join()
        self._tell_others()
        while len(self.mirror.to_tell(MOST_AT_ONCE)) == MOST_AT_ONCE:
            self._once((), ())

    def _join(self) -> None:
        self._sessions += 1
        session = f"{self._process}:{self._sessions}"
        now_us, names, known = self._now_us(), self.names, self.known
        keys, peers = (names.meta, names.nodes, names.leases, names.awaited), _PACK(known.peers)
        values = (
            self._node, session, now_us, now_us + LEASE_US, LEASE_US, self._grace_us, known.server, peers,
            self._joined_as,
        )  # fmt: skip
        with self._minding(()):
            answer = _UNPACK(self._server.run(JOIN, keys, values))
            if answer == ["other"]:
                raise LedgerError(f"ledger {self._server.shown}: {TWICE}")
            server, was_known, awaited, (left_us, closed_us), living, evicts, forgot = answer
            if server != known.server or not was_known:
                self.mirror.unsure_of_all()
                self.mirror.unsure(
                    name.decode() for name in self._server.ask("SMEMBERS", names.parts(self._node))
                )
                self._descriptions.forget()
        self._say(server, len(awaited), left_us, evicts)
        if forgot:
            logger.error("ledger %s: %s", self._server.shown, FORGOT)
        self._has_lost = left_us > 0
        self._opens_us, self._closed_us = now_us + closed_us, now_us + left_us
        self._session = self._joined_as = session
        self._away, self._is_complete = None, False
        self._joined = self._among(server, living)

    def _tell_others(self) -> None:
        """Raises LedgerError: it joins anew, then."""
        server = self._joined.server
        self._complete_us = 0
        if self._has_lost or server != self.known.server:
            try:
                if not self._others(server, self._has_lost):
                    self._complete_us = self._closed_us
            except BaseException:
                self._session = ""
                raise

    def closed_us(self) -> int:
        """How long hard limits are still closed at the least."""
        self._come_in()
        return max(0, self._opens_us - self._now_us())

    def _say(self, server: str, awaited: int, left_us: int, evicts: str) -> None:
        if self.known.server and server != self.known.server:
            logger.warning(
                "ledger %s: another server answers than before (a start anew, a promoted replica): hard "
                "limits are closed until %d processes have told what they had spent, or for %d s",
                self._server.shown, awaited, left_us // 1_000_000,
            )  # fmt: skip
        if self._away is not None:
            logger.warning("ledger %s: Redis is back", self._server.shown)
        if evicts and evicts != self._evicts:
            logger.warning("ledger %s: %s", self._server.shown, EVICTS % evicts)
        self._evicts = evicts

    def _once(
        self, asks: Sequence[Ask], looks: Sequence[Want], now_us: int = 0, again: bool = False
    ) -> tuple[Any, list[Reserved | Reached | Refused | LedgerError], Any]:
        """One round trip."""
        keys, names = _Keys(self.names), self.names
        news = self.mirror.to_tell()
        corrections, self._corrections = self._corrections, []
        may_say_so = not self._is_complete and self._complete_us <= self._now_us()
        is_complete = may_say_so and len(news) < MOST_AT_ONCE
        asks_who = not asks and not looks
        began = self._monotonic()
        for _, part in news:
            self.mirror.tells(part)
        payload = (
            [self._telling(keys.place_of(name), name, part) for name, part in news],
            [_correction(each, keys.place(each.bucket)) for each in corrections],
            [asked(ask, keys.place, self._described) for ask in asks],
            [looked_at(want, now_us, keys.place) for want in looks],
            is_complete,
            asks_who,
        )
        ours = (
            names.meta, names.nodes, names.leases, names.awaited, names.parts(self._node), names.buckets
        )  # fmt: skip
        lease_us = self._now_us() + LEASE_US
        values = (self._node, self._session, self._now_us(), lease_us, _PACK(payload))
        try:
            answer = _UNPACK(self._guarded(EXCHANGE, (*ours, *keys.all), values, keys.with_parts))
        except LedgerError:
            # Nobody knows whether they arrived. What counts too much leaves with its window.
            self._corrections += [each for each in corrections if each.more > 0]
            raise
        if answer[0] == "join":
            self._session = ""
            self._corrections = [*corrections, *self._corrections]
            if again:
                raise LedgerError(f"ledger {self._server.shown}: {TWICE}")
            self._come_in()
            return self._once(asks, looks, now_us, again=True)
        _, told, admissions, seen, living = answer
        self._heard = began
        for (name, part), (settled, held, more) in zip(news, told, strict=True):
            self.mirror.told(name, settled, held, more, began)
            if part.bucket is not None:
                self._descriptions.told(name, part.amount, part.enforce, self._now_us())
        if living:
            self._joined = self._among(self._joined.server, living)
        self._is_complete = self._is_complete or is_complete
        if self._is_complete:
            self.known = self._joined
        outcomes = [self._outcome(*each) for each in zip(asks, admissions, strict=True)]
        return told, outcomes, seen

    def _outcome(self, ask: Ask, admission: Sequence[Any]) -> Reserved | Reached | Refused | LedgerError:
        code, found, slots = admission
        if code == 2:
            return LedgerError(f"ledger {self._server.shown}: {CLOSED}")
        if code == 1:
            return against(ask.wants, found, slots)
        now_us = self._now_us()
        for want in {want.bucket.id: want for want in reversed(ask.wants)}.values():
            name = self.names.bucket(want.bucket)
            self._descriptions.told(name, want.amount, want.enforce, now_us)
            if not want.bucket.slides:
                used = self._heard if sets_aside(want) else None
                self.mirror.admitted(name, want.bucket, held_by(want), used)
        return Reserved(balances=admitted(ask.wants, found))

    def _described(self, want: Want) -> tuple[int, str, int]:
        """A want's bucket."""
        name = self.names.bucket(want.bucket)
        return self._descriptions.of(name, want.bucket, want.amount, want.enforce, self._now_us())

    def _telling(self, place: int, name: str, part: Part) -> tuple[int | str, ...]:
        """A part, as `exchange.lua` takes it. Each time it is told, its bucket is kept anew."""
        bucket, now_us = part.bucket, self._now_us()
        settled, held = part.telling
        if bucket is None:
            return place, settled, held, 0, "", now_us, 0, 0
        _, described, began_us = self._descriptions.of(name, bucket, part.amount, part.enforce, now_us)
        kept = expires_ms(bucket, now_us), described, began_us
        return place, settled, held, *kept, part.grows, part.aside

    def _among(self, server: str, living: Iterable[str]) -> Acquaintance:
        """What is known of the fleet."""
        peers = tuple(sorted(each for each in living if each != self._node))
        return Acquaintance(self._node, server, peers)

    def _guarded(self, text: str, keys: Sequence[str], values: Sequence[Any], buckets: Iterable[str]) -> Any:
        """Run a script; of its buckets nobody knows what became if it fails."""
        with self._minding(buckets):
            return self._server.run(text, keys, values)

    @contextmanager
    def _minding(self, buckets: Iterable[str]) -> Iterator[None]:
        """Where Redis turns out to be away, leave it alone for a while; what it has of these is not sure."""
        try:
            yield
        except LedgerError as error:
            if self._away is None:
                logger.error("%s; limits do as `store_down` says until it does", error)
            self._away, self._session = error, ""
            self._again = self._monotonic() + AGAIN_SECONDS
            self.mirror.unsure(buckets)
            raise

    def _now_us(self) -> int:
        return int(self._now() * 1_000_000)


def _correction(each: Correction, place: int) -> tuple[int, ...]:
    bucket = each.bucket
    assert bucket.slot_us is not None
    assert bucket.rolling_us is not None
    return place, bucket.slot_us, bucket.rolling_us, each.more, each.at_us
