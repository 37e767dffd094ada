"""The answer of one call as it comes, kept as long as somebody may still join, or has not taken it all."""

from enum import Enum

from tollway.played import BrokenOff, CameTo, Head, Told


class _State(Enum):
    AWAITED = "awaited"
    FAILED = "failed"
    BEGUN = "begun"
    ENDED = "ended"
    BROKEN = "broken"


class Shared:
    """Fed by who asked first. Whoever waits is told once of the next change, whatever that is."""

    def __init__(self, most: int) -> None:
        """`most`: bytes that are kept. Of a longer answer nobody gets the beginning any more."""
        self.head: Head | None = None
        self.came_to: CameTo | None = None
        """None: it is not known yet."""
        self._is_good = False
        self._most = most
        self._state = _State.AWAITED
        self._pieces: list[bytes] = []
        self._first = 0
        """The number of the first piece that is kept."""
        self._kept = 0
        """Bytes of them."""
        self._listeners: set[Listener] = set()
        self._waiting: list[Told] = []

    @property
    def is_awaited(self) -> bool:
        """Nobody knows yet whether there will be an answer to share."""
        return self._state is _State.AWAITED

    @property
    def has_failed(self) -> bool:
        """There is none: each goes on by itself."""
        return self._state is _State.FAILED

    @property
    def is_over(self) -> bool:
        """Nothing more of it will come."""
        return self._state in (_State.FAILED, _State.ENDED, _State.BROKEN)

    @property
    def has_ended(self) -> bool:
        """It came whole."""
        return self._state is _State.ENDED

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def body(self) -> bytes | None:
        """All of it that has come; None: its beginning is not kept any more."""
        return None if self._first else b"".join(self._pieces)

    def begin(self, head: Head) -> None:
        """There is an answer to share."""
        self.head = head
        self._become(_State.BEGUN)

    def feed(self, piece: bytes) -> None:
        """More of it."""
        if not piece or self._state is not _State.BEGUN:
            return
        self._pieces.append(piece)
        self._kept += len(piece)
        if self._first or self._kept > self._most:
            self._make_room()
        self._tell()

    def end(self) -> None:
        """That was all."""
        if self._state is _State.BEGUN:
            self._become(_State.ENDED)

    def break_off(self) -> None:
        """There is none, or no more than came."""
        if not self.is_over:
            self._become(_State.FAILED if self.is_awaited else _State.BROKEN)

    def settle(self, came_to: CameTo, is_good: bool = False) -> None:
        """What it came to; told once. `is_good`: it is an answer to keep, and may still be joined."""
        self._is_good = is_good
        self.came_to = self.came_to or came_to
        self._tell()

    def listen(self) -> "Listener | None":
        """Join; None: its beginning is gone, or it is over, and nobody knows it to be a good one."""
        if self._first or (self.is_over and not self._is_good):
            return None
        listener = Listener(self)
        self._listeners.add(listener)
        return listener

    def when_changed(self, told: Told) -> None:
        """Have the next change told."""
        self._waiting.append(told)

    def _become(self, state: _State) -> None:
        self._state = state
        self._tell()

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told()

    def _leave(self, listener: "Listener") -> None:
        self._listeners.discard(listener)
        if self._first:
            self._make_room()

    def _make_room(self) -> None:
        """Keep what somebody has not taken, and of that no more than `most`: who lags behind loses it."""
        self._drop(min((one.at for one in self._listeners), default=self._first + len(self._pieces)))
        while self._kept > self._most and len(self._pieces) > 1:
            self._drop(self._first + 1)

    def _drop(self, upto: int) -> None:
        gone = self._pieces[: upto - self._first]
        del self._pieces[: len(gone)]
        self._first += len(gone)
        self._kept -= sum(map(len, gone))

    def take(self, listener: "Listener") -> bytes | None:
        """As `Listener.take`."""
        if listener.at < self._first:
            raise BrokenOff
        piece = b"".join(self._pieces[listener.at - self._first :])
        listener.at = self._first + len(self._pieces)
        if self._first:
            self._make_room()
        if piece or self._state is _State.BEGUN or self.is_awaited:
            return piece
        if self.has_ended:
            return None
        raise BrokenOff


class Listener:
    """Who joined. An answer that is played (`played.Played`)."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.at = 0
        """The number of the piece that comes next."""

    def head(self) -> Head:
        """As of the answer that is shared."""
        assert self.shared.head is not None
        return self.shared.head

    def take(self) -> bytes | None:
        """As `Played.take`."""
        return self.shared.take(self)

    def when_more(self, told: Told) -> None:
        """Have it told that there is more, or no more."""
        self.shared.when_changed(told)

    @property
    def came_to(self) -> CameTo | None:
        """What the call came to that is shared; None: it is not known yet."""
        return self.shared.came_to

    def leave(self) -> None:
        """Take no more."""
        self.shared._leave(self)
