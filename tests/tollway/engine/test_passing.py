"""Counting what passes undecrypted."""

from mitmproxy.connection import Client, ConnectionState, Server
from mitmproxy.options import Options
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.test import tflow

from tollway.engine.passing import Counted, Unheeded, count


class Counts:
    """What was counted."""

    def __init__(self) -> None:
        self.both = [0, 0]

    def sent(self, size: int) -> None:
        self.both[0] += size

    def received(self, size: int) -> None:
        self.both[1] += size


def connections() -> tuple[Client, Server]:
    return tflow.tclient_conn(), tflow.tserver_conn()


def test_what_comes_from_either_side_is_counted_for_it() -> None:
    counts, (client, server) = Counts(), connections()
    for event in (
        events.DataReceived(client, b"abc"),
        events.DataReceived(server, b"de"),
        events.ConnectionClosed(client),
    ):
        count(counts, event, client)

    assert counts.both == [3, 2]


def test_it_passes_as_it_came() -> None:
    counts, (client, server) = Counts(), connections()
    context = Context(client, Options())
    context.server = server
    client.state = server.state = ConnectionState.OPEN
    layer = Counted(context, counts)
    list(layer.handle_event(events.Start()))

    (sent,) = layer.handle_event(events.DataReceived(client, b"abc"))

    assert isinstance(sent, commands.SendData)
    assert (sent.connection, sent.data, counts.both) == (server, b"abc", [3, 0])


def test_where_nobody_listens_all_pass_uncounted() -> None:
    client = tflow.tclient_conn()

    assert not Unheeded().refuses(client, ["poe.com"], 443)
    assert Unheeded().opened(client, ["poe.com"], 443) is None
