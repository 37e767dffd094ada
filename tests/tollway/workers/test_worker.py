"""Workers as processes: what they share, and what becomes of calls when one of them dies."""

import json
import os
import signal
from collections import Counter
from contextlib import closing

import pytest

from tests.simulator.process import Running
from tests.tollway.calls import CHAT
from tests.tollway.command import Office
from tests.tollway.several import KEY, Several, is_open, policy, several, until
from tollway.model import Source

pytestmark = pytest.mark.slow  # each starts several proxies

HARD = "limits: [{name: day, amount: 20 requests, window: day, then: [block]}]\n"
DEAR = "limits: [{name: day, amount: 100 USD, window: day, then: [block]}]\n"


def test_connections_of_a_burst_are_spread_evenly(office: Office) -> None:
    """None of which ends before all are there. Who is busy for longer than two milliseconds takes fewer, so
    that on a loaded machine not every burst is even."""
    assert office.sim is not None
    with several(office) as tollway:
        tollway.ask_each()
        until(lambda: min(burst(office.sim, tollway, 40).values()) >= 16)  # type: ignore[arg-type]
        assert tollway.stop() == 0


def burst(sim: Running, tollway: Several, count: int) -> Counter[int]:
    """How many calls each worker served of so many, which are all there before the first is answered."""
    before, seen = tollway.served(), len(sim.seen())
    sim.default(gate=(gate := f"late-{seen}"))
    clients = [tollway.connection(CHAT.host) for _ in range(count)]
    try:
        for client in clients:
            client.request("POST", CHAT.path, CHAT.content, KEY)
        until(lambda: len(sim.seen()) == seen + count)
        sim.open(gate)
        answers = [client.getresponse() for client in clients]
        assert {(answer.status, bool(answer.read())) for answer in answers} == {(200, True)}
    finally:
        for client in clients:
            client.close()
    return since(tollway, before, count)


def since(tollway: Several, before: Counter[int], count: int) -> Counter[int]:
    """How many calls of so many each worker served, once they are written."""
    until(lambda: (tollway.served() - before).total() >= count)
    served = tollway.served() - before
    assert served.total() == count
    return Counter({pid: served[pid] for pid in tollway.workers()})


def test_calls_that_come_one_after_the_other_are_served_by_all_of_them_in_turn(office: Office) -> None:
    """Each on a connection of its own."""
    with several(office) as tollway:
        tollway.ask_each()
        until(lambda: min(after_each_other(tollway, 20).values()) >= 8)
        assert tollway.stop() == 0


def after_each_other(tollway: Several, count: int) -> Counter[int]:
    """How many calls each worker served of so many."""
    before = tollway.served()
    assert {tollway.ask().status for _ in range(count)} == {200}
    return since(tollway, before, count)


def test_a_hard_limit_holds_over_all_of_them_to_the_last_call(office: Office) -> None:
    with several(office, "--policy", policy(office, HARD), workers=3) as tollway:
        statuses = [answer.status for answer in tollway.ask_all(60)]

        assert sorted(set(statuses)) == [200, 429]
        assert statuses.count(200) == 20
        assert len(tollway.served()) == 3
        assert tollway.stop() == 0


def test_a_budget_that_is_raced_for_is_never_overspent(office: Office) -> None:
    """In dollars, where each call holds its bound first and settles at less."""
    text = "limits: [{name: day, amount: 0.05 USD, window: day, then: [wait 5s, block]}]\n"
    with several(office, "--policy", policy(office, text), workers=3) as tollway:
        answers = tollway.ask_all(60)
        assert tollway.stop() == 0

    calls = office.calls()
    assert sum(call.cost.nano for call in calls) <= 50_000_000
    paid = [call for call in calls if call.status == 200]
    assert len(paid) == [answer.status for answer in answers].count(200)
    assert all(call.state == "done" for call in calls)


def test_a_limit_refuses_once_in_the_log_of_all(office: Office) -> None:
    with several(office, "--policy", policy(office, HARD), workers=3) as tollway:
        tollway.ask_all(60)
        assert tollway.stop() == 0

    assert len([line for line in tollway.log if "has refused a call" in line]) == 1


def test_of_a_worker_that_is_killed_the_calls_are_charged_at_their_bound_and_others_go_on(
    office: Office,
) -> None:
    """It comes back, and what it held is held no more."""
    assert office.sim is not None
    office.sim.default(gate="late")
    with several(office, "--policy", policy(office, DEAR)) as tollway:
        clients = [tollway.connection(CHAT.host) for _ in range(10)]
        try:
            for client in clients:
                client.request("POST", CHAT.path, CHAT.content, KEY)
            until(lambda: len(office.sim.seen()) == 10)  # type: ignore[union-attr]
            before, open_calls = tollway.workers(), tollway.served("state = 'open'")
            victim, theirs = open_calls.most_common()[0]
            os.kill(victim, signal.SIGKILL)
            until(lambda: tollway.served("state = 'lost'")[victim] == theirs)
            office.sim.open("late")
            statuses = []
            for client in clients:
                try:
                    statuses.append(client.getresponse().status)
                except (OSError, ValueError):
                    statuses.append(0)
        finally:
            for client in clients:
                client.close()
        assert (statuses.count(0), statuses.count(200)) == (theirs, 10 - theirs)
        (line,) = tollway.said("it is started again")
        assert "(killed by SIGKILL); it is started again in 0.1 s" in line
        until(lambda: len(tollway.workers()) == 2)
        (fresh,) = tollway.workers() - before
        until(lambda: tollway.ask().status == 200 and fresh in tollway.served())
        assert tollway.stop() == 0

    lost = [call for call in office.calls() if call.state == "lost"]
    assert len(lost) == theirs
    assert all(call.bound is not None and call.cost.nano == call.bound.nano > 0 for call in lost)
    assert {call.cost.source for call in lost} == {Source.ESTIMATED}


def test_workers_whose_supervisor_is_killed_finish_their_calls_and_end(office: Office) -> None:
    """Nobody keeps the port."""
    assert office.sim is not None
    office.sim.default(gate="late")
    with several(office) as tollway:
        workers = tollway.workers()
        with closing(tollway.connection(CHAT.host)) as client:
            client.request("POST", CHAT.path, CHAT.content, KEY)
            until(lambda: len(office.sim.seen()) == 1)  # type: ignore[union-attr]
            tollway.process.kill()
            until(lambda: not is_open(tollway.port))
            office.sim.open("late")
            with client.getresponse() as answer:
                assert answer.status == 200
                assert b'"usage"' in answer.read()
        until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers))

    (call,) = office.calls()
    assert (call.state, call.status, call.cost.source) == ("done", 200, Source.COMPUTED)
    assert len(tollway.said("the supervisor is gone", 2)) == 2


def test_what_one_of_them_recorded_all_find(office: Office) -> None:
    """Answers that are kept, and texts."""
    text = "cache: [{ttl: 1h}]\nrecord: [{in: both, keep: 1d}]\n"
    with several(office, "--policy", policy(office, text)) as tollway:
        first = tollway.ask()
        until(lambda: (office.home / "ledger.db.cache.db").exists())
        until(lambda: tollway.ask().body == first.body and "hit" in {call.cache for call in office.calls()})
        hits = [tollway.ask() for _ in range(10)]
        assert {answer.body for answer in hits} == {first.body}
        assert len(tollway.served("cache = 'hit'")) == 2
        assert tollway.stop() == 0

    for call in office.calls()[:3]:
        shown = office.run("show", call.id, "--format", "json")
        assert "say hi" in shown.stdout


def test_each_line_of_the_log_says_which_worker_it_is_of(office: Office) -> None:
    """As JSON it is a field; a line is whole, however many write at once."""
    with several(office, "--log-format", "json") as tollway:
        tollway.ask_all(40)
        assert tollway.stop() == 0

    lines = [json.loads(line) for line in tollway.log]
    calls = [line for line in lines if line["event"] == "call"]
    assert len(calls) == 40
    assert {line["worker"] for line in calls} == {1, 2}


def test_who_ends_all_processes_at_once_ends_no_call(office: Office) -> None:
    """As systemd does: each gets the signal, and workers hear of it from the supervisor, too."""
    assert office.sim is not None
    office.sim.default(gate="late")
    with several(office) as tollway, closing(tollway.connection(CHAT.host)) as client:
        client.request("POST", CHAT.path, CHAT.content, KEY)
        until(lambda: len(office.sim.seen()) == 1)  # type: ignore[union-attr]
        for pid in (tollway.process.pid, *tollway.workers()):
            os.kill(pid, signal.SIGTERM)
        until(lambda: not is_open(tollway.port))
        office.sim.open("late")
        with client.getresponse() as answer:
            assert answer.status == 200
            assert answer.read()
        assert tollway.end() == 0


def test_workers_that_start_in_an_empty_folder_agree(office: Office) -> None:
    """On the authority, the ledger, and all else that the first one makes."""
    empty = Office(office.home.parent / "empty", office.sim)
    with several(empty, workers=4) as tollway:
        assert {answer.status for answer in tollway.ask_all(40)} == {200}
        assert len(tollway.served()) == 4
        assert tollway.stop() == 0
    assert tollway.log == []


def test_who_was_told_to_stop_by_itself_is_replaced(office: Office) -> None:
    """A worker that somebody ends finishes its calls first."""
    with several(office) as tollway:
        before = tollway.workers()
        os.kill(min(before), signal.SIGTERM)
        tollway.said("worker 1 ended (exit status 0); it is started again in 0.1 s")
        until(lambda: len(tollway.workers()) == 2 and min(before) not in tollway.workers())
        assert tollway.stop() == 0
