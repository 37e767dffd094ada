"""What is known of a flow is kept as long as the flow, tells when it ended, and shows no prompt."""

import asyncio
import gc
import secrets
import weakref

from mitmproxy.test import tflow

from tests.tollway.leftovers import exchanges
from tollway import exchange
from tollway.exchange import Exchange
from tollway.model import Endpoint, Kind


def fresh() -> Exchange:
    """An exchange of which little is known."""
    endpoint = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com")
    return Exchange(id="1", started_us=0, endpoint=endpoint)


def test_a_flow_has_the_exchange_that_was_begun_for_it() -> None:
    """And another flow has none."""
    flow, known = tflow.tflow(), fresh()

    assert exchange.of(flow) is None
    assert exchange.begin(flow, known) is known
    assert exchange.of(flow) is known
    assert exchange.of(tflow.tflow()) is None
    assert flow.metadata == {}


def test_an_exchange_goes_with_its_flow() -> None:
    """A proxy runs for months."""
    gc.collect()
    before, flow = exchanges(), tflow.tflow()
    exchange.begin(flow, fresh())
    gone = weakref.ref(flow)
    del flow
    gc.collect()

    assert gone() is None
    assert exchanges() == before


def test_a_copy_of_a_flow_is_no_call() -> None:
    """Nor is what mitmproxy writes down of one."""
    flow = tflow.tflow()
    exchange.begin(flow, fresh())

    assert exchange.of(flow.copy()) is None
    assert "tollway" not in flow.get_state()


def test_nothing_of_a_prompt_or_key_is_in_its_text() -> None:
    """An exchange in a log line or traceback tells no secret."""
    prompt, known = secrets.token_hex(16), fresh()
    known.body, known.parsed = prompt.encode(), {"prompt": prompt}

    assert prompt not in repr(known)
    assert "openai" in repr(known)


def test_two_exchanges_are_never_the_same() -> None:
    """Even if all that is known of them is."""
    known = fresh()

    assert known == known
    assert known != fresh()


async def test_those_who_wait_hear_of_the_end() -> None:
    """All of them, and those who come late at once."""
    known = fresh()
    waiting = [asyncio.ensure_future(known.wait_finished()) for _ in range(3)]
    await asyncio.sleep(0)

    assert not known.finished
    assert not any(waiter.done() for waiter in waiting)

    known.finish()
    async with asyncio.timeout(120):
        await asyncio.gather(*waiting)
        await known.wait_finished()
    assert known.finished


def test_an_end_for_which_nobody_waits_needs_no_loop() -> None:
    """It is said in hooks, for every flow."""
    known = fresh()
    known.finish()
    known.finish()

    assert known.finished
