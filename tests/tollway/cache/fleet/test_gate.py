"""Whether Redis is asked for answers."""

from contextlib import closing
from threading import Event, active_count

import pytest

from tests.tollway.cache.fleet.fleets import AGAIN_SECONDS, wait_until
from tollway.cache.fleet.gate import BLIND, SEES, Gate
from tollway.ledger.fault import LedgerError

AWAY, OTHER = LedgerError("away"), LedgerError("still away")


def test_it_is_shut_until_a_probe_answers_and_the_log_says_both_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    probes, back = list[bool](), Event()

    def probe() -> None:
        probes.append(back.is_set())
        if not back.is_set():
            raise AWAY

    with closing(Gate(probe, AGAIN_SECONDS)) as gate:
        assert gate.why is None
        for why in (AWAY, OTHER):
            gate.shut(why)
        assert gate.why is AWAY
        wait_until(lambda: len(probes) > 2)
        assert gate.why is AWAY
        back.set()
        wait_until(lambda: gate.why is None)
        count = len(probes)
        gate.shut(OTHER)
        wait_until(lambda: gate.why is None)

    assert len(probes) == count + 1
    assert [record.getMessage() for record in caplog.records] == [BLIND % AWAY, SEES, BLIND % OTHER, SEES]


def test_one_that_is_closed_tries_no_more() -> None:
    before = active_count()
    gate = Gate(lambda: None, 1_000)
    gate.shut(AWAY)
    assert active_count() == before + 1

    gate.close()
    gate.shut(OTHER)

    assert active_count() == before
    assert gate.why is AWAY


def test_one_that_was_never_shut_has_no_thread() -> None:
    before = active_count()

    Gate(lambda: None).close()

    assert active_count() == before
