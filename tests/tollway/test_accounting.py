"""The proxy's rows: as `charging` makes them, with the clock's time, and estimates off the event loop."""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.tollway.charged import BOOK, END, TALK, answered, call
from tests.tollway.test_charging import ANSWER, USAGE
from tests.tollway.test_charging_estimates import STREAM
from tollway.accounting import Accounting
from tollway.model import Source
from tollway.wire.openai_chat import OpenAIChat


def books() -> Accounting:
    """Accounting whose calls end 2.5 seconds after they began."""
    return Accounting(BOOK, lambda: END / 1_000_000)


class Watched(OpenAIChat):
    """A dialect that says where it is asked for texts, and may do what none may."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.thread: threading.Thread | None = None

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """The texts, or a failure."""
        self.thread = threading.current_thread()
        if self.fails:
            raise ValueError("a prompt")
        return super().texts(body)


def test_a_row_ends_when_the_clock_says() -> None:
    accounts = books()
    record = accounts.closed(answered(call(), {**ANSWER, "usage": USAGE}), 200, False)

    assert record is not None
    assert (record.cost.nano, record.ended_us) == (4_000_000, END)
    assert accounts.late() == []
    assert accounts.failed(call(), None).ended_us == END


async def test_an_estimate_is_made_off_the_event_loop(caplog: pytest.LogCaptureFixture) -> None:
    """9 tokens in, 2 out."""
    known = answered(call({**TALK, "stream": True}), STREAM, "text/event-stream")
    known.dialect = dialect = Watched()
    accounts = books()
    assert accounts.closed(known, 200, False) is None
    record = await accounts.estimated(known, 200, False)

    assert record.usage.known() == {"input_tokens": 9, "output_tokens": 2}
    assert record.ended_us == END
    assert dialect.thread not in (None, threading.current_thread())
    assert not caplog.records


async def test_an_estimate_that_fails_counts_bytes(caplog: pytest.LogCaptureFixture) -> None:
    """A row is lost for no reason; the log says which, and quotes nothing."""
    known = answered(call({**TALK, "stream": True}), STREAM, "text/event-stream")
    known.body, known.dialect = b'{"x": 1}' + b" " * 390, Watched(fails=True)
    record = await books().estimated(known, 200, True)

    assert record.usage.input_tokens == 100
    assert record.cost.source is Source.ESTIMATED
    assert known.id in caplog.text
    assert "a prompt" not in caplog.text


def test_what_the_first_call_needs_can_be_loaded_before() -> None:
    """And again, which does nothing."""
    accounts = books()
    accounts.warm()
    accounts.warm()
    known = call()
    known.body = b"x" * 4000

    assert accounts.opened(known).cost.nano == 2_500_000
