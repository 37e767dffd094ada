"""The metrics of several workers: those of one proxy, that never fall."""

import os
import signal
from decimal import Decimal

import pytest

from tests.tollway.command import Office
from tests.tollway.several import policy, several, until
from tollway.money import usd

pytestmark = pytest.mark.slow  # each starts several proxies

ADMIN = ("--admin", "127.0.0.1:0")


def test_they_are_the_ledgers_whoever_served(office: Office) -> None:
    with several(office, *ADMIN) as tollway:
        tollway.ask_all(30)
        assert len(tollway.served()) == 2
        found = until(lambda: (one := tollway.scrape()).sum("tollway_calls_total") >= 30 and one)
        assert tollway.stop() == 0

    assert found is not False
    calls = office.calls()
    assert found.sum("tollway_calls_total") == len(calls) == 30
    assert found.sum("tollway_cost_usd_total") == Decimal(usd(sum(one.cost.nano for one in calls)))
    assert found.sum("tollway_duration_seconds_count") == 30
    assert found.sum("tollway_duration_seconds_bucket", le="+Inf") == 30
    assert found.sum("tollway_workers") == 2
    assert found.sum("tollway_worker_restarts_total") == 0


def test_what_is_now_is_added_up(office: Office) -> None:
    assert office.sim is not None
    office.sim.default(gate="late")
    text = "limits: [{name: day, amount: 100 USD, window: day}]\n"
    with several(office, *ADMIN, "--policy", policy(office, text)) as tollway:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(20) as threads:
            asked = [threads.submit(tollway.ask) for _ in range(20)]
            found = until(lambda: (one := tollway.scrape()).sum("tollway_calls_in_flight") == 20 and one)
            assert found is not False
            assert found.sum("tollway_held_usd") == 20 * found.sum("tollway_held_usd") / 20 > 0
            office.sim.open("late")
            assert {each.result().status for each in asked} == {200}
        assert tollway.stop() == 0


def test_they_never_fall_when_a_worker_dies_and_a_scrape_never_fails(office: Office) -> None:
    """Those of the dead are kept; processor time is, too."""
    with several(office, *ADMIN) as tollway:
        tollway.ask_all(30)
        before = until(lambda: (one := tollway.scrape()).sum("tollway_calls_total") >= 30 and one)
        assert before is not False
        os.kill(min(tollway.workers()), signal.SIGKILL)
        while True:
            found = tollway.scrape()
            assert found.sum("tollway_calls_total") == 30
            assert found.sum("tollway_cost_usd_total") == before.sum("tollway_cost_usd_total")
            assert found.sum("process_cpu_seconds_total") >= before.sum("process_cpu_seconds_total")
            if found.sum("tollway_workers") == 2 and found.sum("tollway_worker_restarts_total") == 1:
                break
        tollway.ask_all(10)
        until(lambda: tollway.scrape().sum("tollway_calls_total") == 40)
        assert tollway.stop() == 0


def test_a_worker_that_leaves_takes_nothing_along(office: Office) -> None:
    """Not even what nobody has asked for by then."""
    with several(office, *ADMIN) as tollway:
        old = tollway.workers()
        tollway.ask_all(30)
        tollway.process.send_signal(signal.SIGUSR2)
        until(lambda: not old & tollway.workers())
        assert tollway.scrape().sum("tollway_calls_total") == 30
        assert tollway.stop() == 0


def test_a_worker_that_hangs_is_told_as_it_was_last(office: Office) -> None:
    with several(office, *ADMIN) as tollway:
        tollway.ask_all(30)
        until(lambda: tollway.scrape().sum("tollway_calls_total") == 30)
        victim = min(tollway.workers())
        os.kill(victim, signal.SIGSTOP)
        try:
            assert tollway.scrape().sum("tollway_calls_total") == 30
        finally:
            os.kill(victim, signal.SIGCONT)
        assert tollway.stop() == 0
