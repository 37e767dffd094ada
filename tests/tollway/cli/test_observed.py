"""What is to be seen of a proxy from outside."""

import logging
import sys
from collections.abc import Iterator

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.observe.asking import ask
from tests.tollway.scraped import no_budgets
from tollway.cli.observed import Observed, log_to_standard_error
from tollway.cli.written_apart import WrittenApart
from tollway.observe.door import Door, Entrance
from tollway.observe.place import shown
from tollway.observe.readying import Readying


@pytest.fixture
def log() -> Iterator[WrittenApart]:
    """One that leads nowhere; the loggers are as they were, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", None)
        made = log_to_standard_error("json")
    yield made
    made.stop()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_process_without_standard_error_has_a_log_that_nobody_reads(log: WrittenApart) -> None:
    logging.getLogger("tollway.test").warning("said")

    assert log.dropped == 0
    assert log in logging.getLogger().handlers


async def test_nothing_is_counted_and_nobody_listens_unless_it_is_asked_for(
    log: WrittenApart, caplog: pytest.LogCaptureFixture
) -> None:
    observed = Observed(log, log_calls=False, admin=None)

    observed.ears["observe"](call())

    assert set(observed.ears) == {"observe"}
    assert caplog.records == []
    async with observed.showing(Readying(), no_budgets) as admin:
        assert admin is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_metrics_are_where_it_says(log: WrittenApart, host: str) -> None:
    observed = Observed(log, log_calls=False, admin=Entrance((host, 0), Door()))
    for _ in range(3):
        observed.ears["observe"](call(status=200))
    observed.ears["turned_away"]("day")
    observed.ears["reloaded"](True)

    async with observed.showing(Readying(), no_budgets) as admin:
        assert admin is not None
        metrics = f"{shown(admin)}/metrics"
        assert metrics.startswith(f"http://{f'[{host}]' if ':' in host else host}:")
        assert metrics.endswith("/metrics")
        port = int(metrics.rpartition(":")[2].partition("/")[0])
        if host == "127.0.0.1":
            _, _, body = await ask(port)
            assert b'tollway_cost_usd_total{provider="anthropic"' in body
            assert b'tollway_limit_refusals_total{limit="day"} 1\n' in body
            assert b'tollway_policy_reloads_total{result="ok"} 1\n' in body


async def test_calls_are_logged_where_it_is_asked_for(log: WrittenApart) -> None:
    heard = list[str]()
    logger = logging.getLogger("tollway.call")
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)

    try:
        Observed(log, log_calls=True, admin=None).ears["observe"](call("c1"))
    finally:
        logger.removeHandler(handler)

    assert [said.split()[:2] for said in heard] == [["call", "c1"]]
