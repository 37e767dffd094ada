"""What one side says is what the other hears, however it is packed and cut, and whatever becomes of some:
between two ends that are wsproto's, which share nothing with the engine."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import options
from mitmproxy.proxy import commands, context, events
from mitmproxy.test import tflow
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Message, Ping, TextMessage
from wsproto.extensions import PerMessageDeflate

from tollway.engine.socket_layer import SocketLayer
from tollway.relayed import AS_IT_IS, Passage

CHANGED = "in its place"


class Changing:
    """A `Relayed` that drops messages, or puts others in their place, by what they say."""

    def take(self, content: bytes, from_client: bool) -> Passage:
        if content.startswith(b"drop"):
            return Passage(is_dropped=True)
        return Passage(content=CHANGED.encode()) if content.startswith(b"change") else AS_IT_IS

    def leaves(self) -> bool:
        return False

    def is_busy(self) -> bool:
        return False

    def closed(self) -> None:
        """Nothing is open."""


def end(kind: ConnectionType, packs: bool) -> Connection:
    """One end of a socket."""
    if not packs:
        return Connection(kind)
    packing = PerMessageDeflate()
    packing.finalize("permessage-deflate")
    return Connection(kind, [packing])


def heard(end: Connection) -> list[str | bytes]:
    """The messages that came, whole; pings left out."""
    messages: list[str | bytes] = []
    parts: list[Any] = []
    for event in end.events():
        if isinstance(event, Message):
            parts.append(event.data)
            if event.message_finished:
                messages.append(type(parts[0])().join(parts))
                parts = []
    return messages


def meant(said: str | bytes) -> list[str | bytes]:
    """What is to come of a message."""
    start = said[:6] if isinstance(said, str) else said[:6].decode("latin-1")
    if start.startswith("drop"):
        return []
    if start.startswith("change"):
        return [CHANGED if isinstance(said, str) else CHANGED.encode()]
    return [said]


words = st.sampled_from(["drop", "change", "", "ü", "some words again and again "])
texts = st.tuples(words, st.text(max_size=60)).map(lambda both: both[0] + both[1] + both[0])
content = st.one_of(texts, texts.map(str.encode), st.binary(max_size=200))


@pytest.mark.parametrize("from_client", [True, False])
@given(
    said=st.lists(st.tuples(content, st.integers(1, 4), st.booleans()), max_size=8),
    packs=st.booleans(),
    cut=st.integers(1, 300),
)
def test_what_is_said_is_heard(
    from_client: bool, said: list[tuple[str | bytes, int, bool]], packs: bool, cut: int
) -> None:
    """In pieces, with pings between them, over bytes that are cut anywhere."""
    speaker = end(ConnectionType.CLIENT if from_client else ConnectionType.SERVER, packs)
    hearer = end(ConnectionType.SERVER if from_client else ConnectionType.CLIENT, packs)
    flow = tflow.tflow(resp=True)
    stack = context.Context(flow.client_conn, options.Options())
    stack.server = flow.server_conn
    layer = SocketLayer(stack, flow, Changing(), packs)
    list(layer.handle_event(events.Start()))
    data = b""
    for message, pieces, pings in said:
        size = len(message) // pieces + 1
        for start in range(0, max(len(message), 1), size):
            piece = message[start : start + size]
            is_last = start + size >= len(message)
            make: Any = TextMessage if isinstance(message, str) else BytesMessage
            data += speaker.send(make(data=piece, message_finished=is_last))
            data += speaker.send(Ping()) if pings else b""

    sender = stack.client if from_client else stack.server
    for start in range(0, len(data), cut):
        for command in layer.handle_event(events.DataReceived(sender, data[start : start + cut])):
            assert isinstance(command, commands.SendData)
            assert command.connection is not sender
            hearer.receive_data(command.data)

    assert heard(hearer) == [one for message, _, _ in said for one in meant(message)]
