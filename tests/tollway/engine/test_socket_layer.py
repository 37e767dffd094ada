"""A socket's messages in the engine: passed, held, changed, dropped; and every way in which it ends."""

import asyncio
from collections import deque
from typing import Any

import pytest
from mitmproxy import options
from mitmproxy.proxy import commands, context, events
from mitmproxy.test import tflow

from tollway.engine.backlog import HIGH, Pause, Resume
from tollway.engine.deadline import Deadline
from tollway.engine.frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Frames, closing, framed
from tollway.engine.held import Held
from tollway.engine.socket_layer import SocketLayer
from tollway.relayed import AS_IT_IS, Passage


class Script:
    """A `Relayed`, as a test tells it: what becomes of each message, in order, and then: as it is."""

    def __init__(self, *passages: Any) -> None:
        self.passages = deque(passages)
        self.taken: list[tuple[bytes, bool]] = []
        self.left = self.ended = 0
        self.reads_on = self.busy = False

    def take(self, content: bytes, from_client: bool) -> Any:
        self.taken.append((content, from_client))
        passage = self.passages.popleft() if self.passages else AS_IT_IS
        if isinstance(passage, Exception):
            raise passage
        return passage

    def leaves(self) -> bool:
        self.left += 1
        return self.reads_on

    def is_busy(self) -> bool:
        return self.busy

    def closed(self) -> None:
        self.ended += 1


class Stage:
    """A layer, and what it does."""

    def __init__(self, *passages: Any) -> None:
        flow = tflow.tflow(resp=True)
        self.context = context.Context(flow.client_conn, options.Options())
        self.context.server = flow.server_conn
        self.script = Script(*passages)
        self.layer = SocketLayer(self.context, flow, self.script, False)
        self.flow = flow
        self.tell(events.Start())

    def tell(self, event: events.Event) -> list[commands.Command]:
        return list(self.layer.handle_event(event))

    def client(self, data: bytes) -> list[Any]:
        """What the client says leads to this."""
        return self.shown(self.tell(events.DataReceived(self.context.client, data)))

    def server(self, data: bytes) -> list[Any]:
        """What the server says leads to this."""
        return self.shown(self.tell(events.DataReceived(self.context.server, data)))

    def gone(self, who: str) -> list[Any]:
        return self.shown(self.tell(events.ConnectionClosed(getattr(self.context, who))))

    def told(self, future: "asyncio.Future[Any]") -> list[Any]:
        """What a message's decision leads to."""
        for way in (self.layer._up, self.layer._down):
            if way.held is not None and way.held.until is future:
                return self.shown(self.tell(events.Wakeup(way.held)))
        raise AssertionError("nobody waits for it")

    def shown(self, done: list[commands.Command]) -> list[Any]:
        """In short: to whom which bytes, and what else."""
        return [self._shown(command) for command in done]

    def _shown(self, command: commands.Command) -> Any:
        if isinstance(command, commands.SendData):
            to_client = command.connection is self.context.client
            (frame,) = Frames(not to_client, False).feed(command.data)
            return "client" if to_client else "server", frame.opcode, frame.payload
        if isinstance(command, commands.CloseConnection):
            return "close client" if command.connection is self.context.client else "close server"
        return type(command)


def later() -> "asyncio.Future[Passage]":
    return asyncio.get_running_loop().create_future()


BOTH_CLOSE = ["close client", "close server"]


def test_messages_pass_in_their_frames() -> None:
    stage = Stage()
    said = framed(TEXT, b"hi", True)

    assert stage.client(said) == [("server", TEXT, b"hi")]
    assert stage.tell(events.DataReceived(stage.context.client, said))[0].data == said  # type: ignore[attr-defined]
    assert stage.server(framed(BINARY, b"ho", False)) == [("client", BINARY, b"ho")]
    assert stage.script.taken[0] == (b"hi", True)
    assert stage.script.taken[-1] == (b"ho", False)


def test_pieces_pass_once_they_are_whole_and_pings_between_them_at_once() -> None:
    stage = Stage()
    first = b"\x01\x01a"
    last = b"\x80\x01b"

    assert stage.server(first + framed(PING, b"p", False)) == [("client", PING, b"p")]
    (sent,) = stage.tell(events.DataReceived(stage.context.server, last))
    assert sent.data == first + last  # type: ignore[attr-defined]
    assert stage.script.taken == [(b"ab", False)]


async def test_only_what_is_behind_a_held_message_waits() -> None:
    decided = later()
    stage = Stage(decided)

    assert stage.client(framed(TEXT, b"1", True) + framed(TEXT, b"2", True)) == [Held]
    assert stage.client(framed(PONG, b"", True)) == [("server", PONG, b"")]
    assert stage.server(framed(TEXT, b"s", False)) == [("client", TEXT, b"s")]
    decided.set_result(AS_IT_IS)
    assert stage.told(decided) == [("server", TEXT, b"1"), ("server", TEXT, b"2")]


async def test_each_held_message_is_decided_by_itself() -> None:
    one, two = later(), later()
    stage = Stage(one, two)
    stage.client(framed(TEXT, b"1", True) + framed(TEXT, b"2", True))
    one.set_result(AS_IT_IS)
    two.set_result(Passage(is_dropped=True, answer=b"no"))

    assert stage.told(one) == [("server", TEXT, b"1"), Held]
    assert stage.told(two) == [("client", TEXT, b"no")]


async def test_a_sender_is_read_no_further_while_too_much_waits() -> None:
    decided = later()
    stage = Stage(decided)
    stage.client(framed(TEXT, b"1", True))

    assert stage.client(framed(BINARY, bytes(HIGH + 1), True)) == [Pause]
    decided.set_result(AS_IT_IS)
    assert stage.told(decided)[-1] is Resume


def test_who_is_told_when_a_message_is_passed_on() -> None:
    told: list[bool] = []
    stage = Stage(Passage(content=b"other", sent=lambda: told.append(True)))

    assert stage.client(framed(TEXT, b"1", True)) == [("server", TEXT, b"other")]
    assert told == [True]


def test_a_close_passes_and_is_answered() -> None:
    stage = Stage()

    assert stage.client(closing(4000, "done", True)) == [("server", CLOSE, b"\x0f\xa0done"), Deadline]
    assert stage.server(framed(TEXT, b"last", False)) == [("client", TEXT, b"last")]
    assert stage.server(closing(4000, "", False)) == [("client", CLOSE, b"\x0f\xa0"), *BOTH_CLOSE]
    assert (stage.script.ended, stage.flow.live) == (1, False)


def test_frames_behind_a_close_are_nobody_s() -> None:
    stage = Stage()
    stage.client(closing(1000, "", True) + framed(TEXT, b"late", True))

    assert stage.client(framed(TEXT, b"later", True)) == []
    assert stage.script.taken == []


def test_who_does_not_answer_a_close_is_not_waited_for() -> None:
    stage = Stage()
    done = stage.tell(events.DataReceived(stage.context.server, closing(1001, "", False)))
    (deadline,) = [command for command in done if isinstance(command, Deadline)]

    assert stage.shown(stage.tell(events.Wakeup(deadline))) == BOTH_CLOSE
    assert stage.client(framed(TEXT, b"x", True)) == []
    assert stage.script.ended == 1


def test_an_other_deadline_is_not_ours() -> None:
    assert Stage().tell(events.Wakeup(Deadline(1))) == []


def test_a_client_that_leaves_without_a_word() -> None:
    stage = Stage()

    assert stage.gone("client") == [("server", CLOSE, b"\x03\xe9"), *BOTH_CLOSE]
    assert (stage.script.left, stage.script.ended) == (1, 1)
    assert stage.gone("server") == []


def test_a_server_that_leaves_without_a_word() -> None:
    stage = Stage()

    assert stage.gone("server") == BOTH_CLOSE
    assert stage.script.ended == 1


async def test_what_a_server_said_before_it_left_comes_first() -> None:
    decided = later()
    stage = Stage(decided)
    stage.server(framed(TEXT, b"1", False) + framed(TEXT, b"2", False))

    assert stage.gone("server") == []
    decided.set_result(AS_IT_IS)
    assert stage.told(decided) == [("client", TEXT, b"1"), ("client", TEXT, b"2"), *BOTH_CLOSE]


async def test_a_client_that_leaves_while_a_message_is_held() -> None:
    """Whoever decides hears of it."""
    decided = later()
    stage = Stage(decided)
    stage.client(framed(TEXT, b"1", True))

    assert stage.gone("client") == []
    assert stage.script.left == 1
    decided.set_result(Passage(is_dropped=True))
    assert stage.told(decided) == [("server", CLOSE, b"\x03\xe9"), *BOTH_CLOSE]


async def test_a_client_that_closes_while_a_message_is_held() -> None:
    decided = later()
    stage = Stage(decided)
    stage.client(framed(TEXT, b"1", True))

    assert stage.client(closing(1000, "", True)) == []
    assert stage.script.left == 1
    decided.set_result(Passage(is_dropped=True))
    assert stage.told(decided) == [("server", CLOSE, b"\x03\xe8"), Deadline]


@pytest.mark.parametrize("how", ["close", "gone"])
def test_a_server_is_read_on_for_a_client_that_left(how: str) -> None:
    stage = Stage()
    stage.script.reads_on = stage.script.busy = True
    closes = [("client", CLOSE, b"\x03\xe8")] if how == "close" else []

    left = stage.client(closing(1000, "", True)) if how == "close" else stage.gone("client")
    assert left == [*closes, "close client"]
    assert stage.gone("client") == []
    assert stage.server(framed(PING, b"p", False)) == [("server", PONG, b"p")]
    assert stage.server(framed(PONG, b"", False)) == []
    assert stage.server(framed(TEXT, b"1", False)) == []
    stage.script.busy = False
    assert stage.server(framed(TEXT, b"2", False)) == [("server", CLOSE, b"\x03\xe9"), Deadline]
    assert stage.server(closing(1001, "", False)) == BOTH_CLOSE
    assert [content for content, _ in stage.script.taken] == [b"1", b"2"]


def test_a_socket_is_closed_to_both_sides_with_its_reason() -> None:
    stage = Stage(Passage(close=(1008, "no money")))

    assert stage.server(framed(TEXT, b"1", False)) == [
        ("client", TEXT, b"1"),
        ("server", CLOSE, b"\x03\xf0no money"),
        ("client", CLOSE, b"\x03\xf0no money"),
        Deadline,
    ]
    assert stage.client(framed(TEXT, b"2", True)) == []
    assert stage.server(framed(TEXT, b"3", False)) == []
    assert [content for content, _ in stage.script.taken] == [b"1", b"3"]
    assert stage.client(closing(1008, "", True)) == []
    assert stage.server(closing(1008, "", False)) == BOTH_CLOSE


def test_an_exception_closes_the_socket() -> None:
    stage = Stage(ValueError("x"))

    assert stage.client(framed(TEXT, b"1", True))[:1] == [("server", CLOSE, b"\x03\xf3Tollway failed")]


async def test_so_does_one_that_comes_later() -> None:
    decided = later()
    stage = Stage(decided)
    stage.client(framed(TEXT, b"1", True))
    decided.set_exception(ValueError("x"))

    assert stage.told(decided)[:1] == [("server", CLOSE, b"\x03\xf3Tollway failed")]


def test_what_is_no_frame_closes_the_socket() -> None:
    stage = Stage()

    done = stage.client(framed(TEXT, b"good", True) + framed(CONTINUATION, b"", True))

    assert done[0] == ("server", TEXT, b"good")
    assert [one[2][:2] for one in done[1:3]] == [b"\x03\xea", b"\x03\xea"]
    assert stage.client(framed(TEXT, b"x", True)) == []
    assert stage.server(closing(1002, "", False)) == BOTH_CLOSE


async def test_what_was_held_as_a_socket_closed_is_not_passed_on() -> None:
    decided = later()
    stage = Stage(decided, Passage(close=(1008, "")))
    stage.client(framed(TEXT, b"1", True))
    stage.server(framed(TEXT, b"2", False))
    decided.set_result(AS_IT_IS)

    assert stage.told(decided) == []


async def test_a_socket_may_be_closed_because_of_a_message_that_passed() -> None:
    """Nothing waits until that is known."""
    fine, over, broken = later(), later(), later()
    stage = Stage(Passage(later=fine), Passage(later=over), Passage(later=broken))

    for said in (b"1", b"2", b"3"):
        assert stage.server(framed(TEXT, said, False)) == [("client", TEXT, said), Held]
    fine.set_result(AS_IT_IS)
    over.set_result(Passage(close=(1008, "no money")))
    broken.set_exception(ValueError("x"))

    assert stage.shown(stage.tell(events.Wakeup(Held(fine)))) == []
    assert stage.shown(stage.tell(events.Wakeup(Held(over))))[:2] == [
        ("server", CLOSE, b"\x03\xf0no money"),
        ("client", CLOSE, b"\x03\xf0no money"),
    ]
    assert stage.shown(stage.tell(events.Wakeup(Held(broken)))) == []


async def test_where_that_can_not_be_told_it_is_closed() -> None:
    broken = later()
    stage = Stage(Passage(later=broken))
    stage.server(framed(TEXT, b"1", False))
    broken.set_exception(ValueError("x"))

    done = stage.shown(stage.tell(events.Wakeup(Held(broken))))

    assert done[0] == ("server", CLOSE, b"\x03\xf3Tollway failed")
