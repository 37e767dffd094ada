"""A call is in the ledger before it leaves; one that the ledger does not take is refused, by default."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tollway import exchange
from tollway.accounting import Accounting
from tollway.exchange import Exchange
from tollway.hooks.record import Record
from tollway.hooks.refusal import refuse
from tollway.ledger.open import open_books, open_ledger
from tollway.ledger.store import Ledger
from tollway.model import Asked, CallRecord, Endpoint, Kind, Source
from tollway.prices import PriceBook

ACCOUNTING = Accounting(PriceBook(), lambda: 1_795_462_800.0)
START = 1_795_462_800_000_000


def closed() -> str:
    """The default of `faults: store_down`."""
    return "closed"


class FullDisk(Ledger):
    """A ledger that can take nothing any more."""

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        failed = asyncio.get_running_loop().create_future()
        failed.set_exception(OSError(28, "No space left on device"))
        return failed


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the ledger is."""
    return f"sqlite:{tmp_path / 'ledger.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A ledger that works."""
    with closing(open_ledger(url)) as opened:
        yield opened


def flow_of(kind: Kind) -> tuple[HTTPFlow, Exchange]:
    """A call of 4,000 bytes, which are taken to be 1,000 tokens."""
    flow = tflow.tflow()
    endpoint = Endpoint(
        kind=kind, provider="openai", host="api.openai.com", operation="chat", errors="openai_chat"
    )
    known = exchange.begin(flow, Exchange(id="0" * 32, started_us=START, endpoint=endpoint))
    known.asked, known.body = Asked(model="gpt-4o"), b"x" * 4000
    return flow, known


async def taken(step: Record, event: str, flow: HTTPFlow) -> bool:
    """Let the step have an event, and wait for it; whether there was anything to wait for."""
    waiting = getattr(step, event)(flow)
    if waiting is not None:
        await waiting
    return waiting is not None


@pytest.mark.parametrize(
    ("kind", "event", "cost", "source"),
    [
        (Kind.INFERENCE, "request", 2_500_000, Source.ESTIMATED),  # 1,000 tokens at 2,500 nano-dollars
        (Kind.UNKNOWN, "requestheaders", 0, Source.NONE),
    ],
)
async def test_the_row_is_there_before_the_call_is_admitted(
    ledger: Ledger, url: str, kind: Kind, event: str, cost: int, source: Source
) -> None:
    """Open, charged at its input's estimate; what nothing reads, before any body leaves."""
    flow, known = flow_of(kind)
    assert await taken(Record(ledger, ACCOUNTING, closed), event, flow)

    assert (known.recorded, known.admitted, flow.response) == (True, True, None)
    with closing(open_books(url)) as books:
        (row,) = books.calls()
    assert (row.id, row.state, row.cost.nano, row.cost.source) == (known.id, "open", cost, source)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (Kind.INFERENCE, "requestheaders"),
        (Kind.UNKNOWN, "request"),
        (Kind.PASS, "requestheaders"),
        (Kind.PASS, "request"),
    ],
)
async def test_a_call_is_recorded_once_and_what_passes_is_not(ledger: Ledger, kind: Kind, event: str) -> None:
    """Each kind at its own moment."""
    flow, known = flow_of(kind)

    assert not await taken(Record(ledger, ACCOUNTING, closed), event, flow)
    assert (known.recorded, known.admitted) == (False, False)


@pytest.mark.parametrize("event", ["requestheaders", "request"])
async def test_what_is_refused_already_or_of_nobody_is_not_recorded(ledger: Ledger, event: str) -> None:
    """It does not leave; or it is to no provider."""
    step = Record(ledger, ACCOUNTING, closed)
    for kind in (Kind.INFERENCE, Kind.UNKNOWN):
        flow, known = flow_of(kind)
        refuse(flow, 403, "no", "blocked")
        assert not await taken(step, event, flow)
        assert not known.recorded
    assert not await taken(step, event, tflow.tflow())


@pytest.mark.parametrize(("kind", "event"), [(Kind.INFERENCE, "request"), (Kind.UNKNOWN, "requestheaders")])
async def test_a_call_that_the_ledger_does_not_take_is_refused(
    kind: Kind, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    """503, in the provider's shape, with the reason; and a line in the log."""
    flow, known = flow_of(kind)
    with caplog.at_level(logging.ERROR):
        await taken(Record(FullDisk(), ACCOUNTING, closed), event, flow)  # type: ignore[abstract]

    assert (known.recorded, known.admitted, known.refused) == (False, False, True)
    assert flow.response is not None
    assert flow.response.status_code == 503
    error: dict[str, Any] = orjson.loads(flow.response.content or b"")["error"]
    assert "ledger" in error["message"]
    assert "No space left on device" in error["message"]
    assert known.error == "ledger_down"
    assert f"the ledger did not take call {known.id}" in caplog.text


async def test_the_policy_may_let_it_pass_unrecorded(caplog: pytest.LogCaptureFixture) -> None:
    """`faults: store_down: open`; the log says so all the same."""
    flow, known = flow_of(Kind.INFERENCE)
    said = {"store_down": "closed"}
    step = Record(FullDisk(), ACCOUNTING, lambda: said["store_down"])  # type: ignore[abstract]
    said["store_down"] = "open"  # in a policy that was read since
    await taken(step, "request", flow)

    assert (known.recorded, known.admitted, flow.response) == (False, True, None)
    assert "No space left on device" in caplog.text
