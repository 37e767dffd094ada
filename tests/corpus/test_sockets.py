"""Recorded reality: every call of the recorded sockets is metered and priced as a second reading says."""

from datetime import UTC, datetime

import pytest

from tests.corpus.socket_counts import Counted, calls, nano
from tests.corpus.sockets import ABSENT, FILE, Socket, sockets
from tollway.model import Cost, Endpoint, Source
from tollway.prices import PriceBook, Priced
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.sockets.events import Begun, Ended, Event, How
from tollway.sockets.opening import session

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

ALL = sockets()
EACH = pytest.mark.parametrize("socket", ALL, ids=[socket.name for socket in ALL])
REGISTRY, BOOK = load(), PriceBook()
RECORDED = datetime(2026, 10, 1, tzinfo=UTC)


def opened(socket: Socket) -> Endpoint:
    """What the request is that opened the socket."""
    found = recognise(REGISTRY, socket.host, 443, "GET", socket.path, upgrade=True)
    assert found is not None
    return found


def read(socket: Socket) -> tuple[list[tuple[Begun, Ended]], int]:
    """Each call's beginning and end, in the order in which they ended; and how much was not read."""
    reader = session(opened(socket), socket.path.partition("?")[2])
    assert reader is not None
    events = list[Event]()
    for at, (from_client, content) in enumerate(socket.messages):
        events += reader.feed(content, from_client=from_client, at=at)
    events += reader.close(len(socket.messages))
    begun = {e.call: e for e in events if isinstance(e, Begun)}
    ended = [e for e in events if isinstance(e, Ended)]
    assert sorted(begun) == sorted(e.call for e in ended), "each call that began ended once"
    return [(begun[e.call], e) for e in ended], reader.unread


def priced(endpoint: Endpoint, begun: Begun, ended: Ended) -> Cost:
    """What the product says the call cost."""
    return BOOK.price(
        Priced(
            provider=endpoint.provider,
            host=endpoint.host,
            operation=begun.operation,
            model_asked=begun.asked.model,
            report=ended.report,
            tier_asked=begun.asked.tier,
            at=RECORDED,
            notional=False,
        )
    )


def counted(begun: Begun, ended: Ended) -> Counted:
    """The call as the second reading has it."""
    model = (ended.report.model or "").removesuffix("-global-standard")
    return Counted(begun.operation, model, ended.report.usage.known() if ended.report.usage else {})


def test_the_corpus_is_whole() -> None:
    """A second reading that took everything for nothing would find nothing wrong."""
    found = [call for socket in ALL for call in calls(socket.frames)]

    assert len(ALL) == 27
    assert len(found) == 45
    assert sum(call.operation == "transcription" for call in found) == 5
    assert sum(call.usage.get("input_tokens", 0) for call in found) == 8_049


@EACH
def test_a_socket_is_recognised(socket: Socket) -> None:
    """Host and path say what is spoken on it."""
    spoken = "gemini_live" if any("setup" in f["data"] for f in socket.frames) else "openai_realtime"

    assert opened(socket).socket == spoken


@EACH
def test_each_call_is_metered_exactly(socket: Socket) -> None:
    """Its usage, its model and what it was; every message was understood."""
    found, unread = read(socket)

    assert [counted(*call) for call in found if call[1].report.usage is not None] == calls(socket.frames)
    assert all(ended.how is How.COMPLETED and ended.report.complete for _, ended in found)
    assert unread == 0


@EACH
def test_each_call_is_priced_exactly(socket: Socket) -> None:
    """To the nano-dollar, up to half a one where parts are rounded; and so is the session."""
    endpoint, (found, _) = opened(socket), read(socket)

    costs = [priced(endpoint, *call) for call in found if call[1].report.usage is not None]

    hoped = [nano(call) for call in calls(socket.frames)]
    assert [abs(cost.nano - n) <= 2 for cost, n in zip(costs, hoped, strict=True)] == [True] * len(hoped)
    assert abs(sum(cost.nano for cost in costs) - sum(hoped)) <= 2 * len(hoped)
    assert {cost.source for cost in costs} == {Source.COMPUTED}
    assert {flag for cost in costs for flag in cost.flags} == set()


@EACH
def test_a_socket_that_is_cut_anywhere_loses_no_call(socket: Socket) -> None:
    """What had ended by then has its usage, and what had begun ends as cut, without one."""
    reader = session(opened(socket), "")
    assert reader is not None
    began, ended = set[int](), set[int]()
    for at, (from_client, content) in enumerate(socket.messages[: len(socket.messages) * 2 // 3]):
        events = reader.feed(content, from_client=from_client, at=at)
        began |= {e.call for e in events if isinstance(e, Begun)}
        ended |= {e.call for e in events if isinstance(e, Ended)}

    cut = [e for e in reader.close(999) if isinstance(e, Ended)]

    assert {e.call for e in cut} == began - ended
    assert all(e.how is How.CUT and e.report.usage is None for e in cut)
