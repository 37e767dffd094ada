"""A body over HTTP/2 ends with its last frame, wherever that may be sent at once."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import h2.settings
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.connection import Client, Server
from mitmproxy.proxy.commands import Command, Log
from mitmproxy.proxy.layers.http import (
    DropStream,
    RequestData,
    RequestEndOfMessage,
    ResponseData,
    ResponseEndOfMessage,
    SendHttp,
)

from tests.simulator import Scenario
from tests.tollway.calls import CHAT
from tests.tollway.engine.streams import JSON, USAGE
from tests.tollway.road import Road
from tollway.engine.last_piece import LAST, with_last_pieces

CLIENT, SERVER = Client(peername=("", 0), sockname=("", 0)), Server(address=None)
SAID: list[Callable[[], Command]] = [
    lambda: SendHttp(RequestData(1, b"asked"), SERVER),
    lambda: SendHttp(RequestEndOfMessage(1), SERVER),
    lambda: SendHttp(ResponseData(1, b"answered"), CLIENT),
    lambda: SendHttp(ResponseEndOfMessage(1), CLIENT),
    lambda: DropStream(1),
    lambda: Log("a thing"),
]


def shape(command: Any) -> tuple[object, ...]:
    """A command, whether its piece is a last one or not."""
    if not isinstance(command, SendHttp):
        return (command,)
    kind = type(command.event)
    kind = kind if kind not in LAST.values() else kind.__mro__[1]
    return kind, vars(command.event), command.connection


@given(st.lists(st.sampled_from(SAID), max_size=12))
def test_all_is_said_in_its_order_and_last_is_what_an_end_follows(
    makers: list[Callable[[], Command]],
) -> None:
    said = [make() for make in makers]
    told: list[Any] = list(with_last_pieces(iter(said)))

    assert [shape(command) for command in told] == [shape(command) for command in said]
    kept = [command for command in told if not isinstance(command, DropStream)]
    for command, then in pairwise([*kept, Log("nothing")]):
        if isinstance(command, SendHttp) and isinstance(command.event, RequestData | ResponseData):
            end = RequestEndOfMessage if isinstance(command.event, RequestData) else ResponseEndOfMessage
            ends = isinstance(then, SendHttp) and isinstance(then.event, end)
            assert (type(command.event) in LAST.values()) == ends


def test_no_piece_waits_for_what_is_said_later() -> None:
    """What is said is heard before the next but one is asked for."""
    asked = []

    def said() -> Iterator[Command]:
        for number in range(5):
            asked.append(number)
            yield SendHttp(ResponseData(1, b"%d" % number), CLIENT)

    for number, command in enumerate(with_last_pieces(said())):
        assert isinstance(command, SendHttp)
        assert isinstance(command.event, ResponseData)
        assert command.event.data == b"%d" % number
        assert len(asked) <= number + 2


async def test_a_small_call_is_a_frame_each_way(road: Road) -> None:
    road.sim.scenario = Scenario(usage=USAGE)
    client = await road.raw2()
    answers = [
        await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content)) for _ in range(2)
    ]
    client.raw.close()

    for seen, answer in zip(road.sim.seen, answers, strict=True):
        assert answer.whole
        assert seen.raw == CHAT.content
        assert seen.fault == seen.connection.fault == ""
        assert (seen.frames, len(answer.chunks)) == (1, 1)


@pytest.mark.parametrize("more", [-1, 0, 1, 10_000], ids=["a byte less", "exactly", "a byte more", "more"])
async def test_where_the_client_grants_less_than_the_answer_it_comes_as_it_is_granted(
    road: Road, more: int
) -> None:
    """And the next on the same connection, which has no room of its own left."""
    road.sim.scenario = Scenario(usage=USAGE, number=7)
    client = await road.raw2()
    whole = await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content))
    client.h2.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: len(whole.body) + more})
    await client.flush()
    answers = [
        await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content)) for _ in range(2)
    ]
    client.raw.close()

    assert [(answer.body, answer.whole) for answer in answers] == [(whole.body, True)] * 2


@pytest.mark.parametrize(
    "size", [16_384, 16_385, 70_000], ids=["a frame", "a byte more", "more than a window"]
)
async def test_a_larger_request_arrives_whole(road: Road, size: int) -> None:
    """In frames as large as the provider takes them, the last of them with the end or behind it."""
    road.sim.scenario = Scenario(usage=USAGE)
    rest = json.dumps({**CHAT.body, "user": ""})
    content = rest.replace('"user": ""', f'"user": "{"u" * (size - len(rest))}"').encode()
    client = await road.raw2()
    answer = await client.answer(await client.request(CHAT.host, CHAT.path, JSON, content))
    client.raw.close()

    (seen,) = road.sim.seen
    assert (answer.status, answer.whole) == (200, True)
    assert len(content) == size
    assert seen.raw == content
    assert seen.fault == seen.connection.fault == ""
    assert (seen.frames == 1) == (size == 16_384)
