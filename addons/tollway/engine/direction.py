"""One direction of a socket: who sends, who receives, and what waits in between."""

from collections import deque

from mitmproxy.connection import Connection

from tollway.engine.assembly import Assembly, Message
from tollway.engine.backlog import HIGH, LOW
from tollway.engine.frames import Frame, Frames, framed
from tollway.engine.held import Held
from tollway.relayed import Passage


class Direction:
    """From one side to the other."""

    def __init__(self, sender: Connection, receiver: Connection, from_client: bool, may_pack: bool) -> None:
        self.sender, self.receiver, self.from_client = sender, receiver, from_client
        self.frames = Frames(from_client, may_pack)
        self.assembly = Assembly()
        self.queue = deque[Message | Frame]()
        """What came behind a message that waits: messages, and a close."""
        self.held: Held | None = None
        self.waiting: Message | None = None
        """What it is about."""
        self.is_over = False
        """A close came, or the end of its connection: what comes behind it is nobody's."""
        self.is_gone = False
        """Its connection has ended."""
        self.is_paused = False
        self._is_unpacked = False
        self._behind = 0

    def wait(self, item: Message | Frame) -> None:
        """Put it behind what waits."""
        self.queue.append(item)
        self._behind += len(item.raw)

    def next(self) -> Message | Frame | None:
        """What is to be dealt with now, if anything is."""
        if self.held is not None or not self.queue:
            return None
        item = self.queue.popleft()
        self._behind -= len(item.raw)
        return item

    def is_full(self) -> bool:
        """Whether its sender is to be read no further."""
        return self._behind > HIGH

    def is_low(self) -> bool:
        """Whether it may be read again."""
        return self._behind < LOW

    def passed(self, message: Message, passage: Passage) -> bytes:
        """The bytes that go on. As they came, as long as the receiver unpacks what the sender packed: once a
        packed message did not go on as it came, those behind it, which may lean on it, go unpacked."""
        if passage.content is None and not passage.is_dropped:
            if not (self._is_unpacked and message.is_packed):
                return message.raw
            return framed(message.opcode, message.content, self.from_client)
        self._is_unpacked = self._is_unpacked or message.is_packed
        if passage.content is None:
            return b""
        return framed(message.opcode, passage.content, self.from_client)
