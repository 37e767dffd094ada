"""`tollway serve --workers N`: one line, one port, one error; all stop, reload and are replaced."""

import os
import signal
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.command import Office
from tests.tollway.several import KEY, Several, is_open, policy, several, until

pytestmark = pytest.mark.slow  # each starts several proxies

STREAM = CHAT.streamed()


def test_it_says_once_where_all_of_them_listen(office: Office) -> None:
    with several(office) as tollway:
        assert tollway.facts == {
            "url": f"http://127.0.0.1:{tollway.port}",
            "host": "127.0.0.1",
            "port": tollway.port,
            "ca": str(office.home / "ca" / "tollway-ca.pem"),
            "pid": tollway.process.pid,
            "urls": [f"http://127.0.0.1:{tollway.port}"],
        }
        assert len(tollway.workers()) == 2
        assert tollway.stop() == 0
        assert tollway.process.stdout.read() == ""
    assert tollway.log == []
    assert not tollway.workers()


def test_each_mode_has_its_port_and_all_workers_listen_there(office: Office, unused_tcp_port: int) -> None:
    """Over IPv6, too."""
    reverse = f"reverse:https://{CHAT.host}@{unused_tcp_port}"
    with several(office, "--mode", "regular", "--mode", reverse, listen="[::1]:0") as tollway:
        urls = [f"http://[::1]:{tollway.port}", f"http://[::1]:{unused_tcp_port}"]
        assert tollway.facts["urls"] == urls
        page = b"GET http://tollway.internal/ HTTP/1.1\r\nHost: tollway.internal\r\nConnection: close\r\n\r\n"
        call = CHAT.http1("Connection: close", f"Authorization: {KEY['authorization']}")
        for port, said in ((tollway.port, page), (unused_tcp_port, call)):
            with socket.create_connection(("::1", port), 60) as client:
                client.sendall(said)
                assert client.recv(13) == b"HTTP/1.1 200 "
        assert tollway.stop() == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--set", "nope=1"), 1, "tollway: --set nope=1: Unknown option(s): nope\n"),
        (("--mode", "nope"), 1, "tollway: --mode: Invalid proxy mode specification: nope (unknown mode)\n"),
        (("--mode", "dns"), 1, "tollway: --mode dns: refused, calls would pass unseen\n"),
        (
            ("--mode", "upstream:ftp://me:s3cret@corp"), 1,
            "tollway: --mode upstream: it is no http:// or https:// proxy\n",
        ),
        (
            ("--tls", "/no/such.pem"), 1,
            "tollway: --tls /no/such.pem: No such file or directory: write into it, as PEM, the proxy's "
            "certificate, what leads to its root, and its key\n",
        ),
        (("--workers", "some"), 2, "'some' is no number of processes from 1 to 128, and not auto"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_wrong_is_said_once(office: Office, words: tuple[str, ...], status: int, said: str) -> None:
    """However many workers find it, and nothing listens."""
    done = office.run("serve", "--workers", "3", "--listen", "127.0.0.1:0", *words)

    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr == said if status == 1 else said in done.stderr


def test_a_wrong_policy_is_said_once_with_its_lines(office: Office) -> None:
    path = policy(office, "faults:\n  abandoned: maybe\n  store_down: never\n")

    done = office.run("serve", "--workers", "3", "--listen", "127.0.0.1:0", "--policy", path)

    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == [f"{path}:3:14", f"{path}:4:15"]


def test_a_port_in_use_is_said_once(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = office.run("serve", "--workers", "2", "--listen", address)
        admin = office.run("serve", "--workers", "2", "--listen", "127.0.0.1:0", "--admin", address)

    assert (done.returncode, done.stdout) == (admin.returncode, admin.stdout) == (1, "")
    assert done.stderr == (
        f"tollway: can't listen on {address}: another program has the port; choose another with --listen "
        "HOST:PORT, or port 0\n"
    )
    assert admin.stderr.startswith(f"tollway: --admin: can't listen on {address}: ")
    assert admin.stderr.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_first_signal_lets_a_stream_of_each_worker_finish(office: Office, number: signal.Signals) -> None:
    """No new ones meanwhile: nobody listens."""
    assert office.sim is not None
    office.sim.default(gate="late")
    with several(office) as tollway, ExitStack() as clients:
        streams = opened(tollway, clients, 8)
        tollway.process.send_signal(number)
        assert len(tollway.said("a second signal ends them now", 2)) == 2
        until(lambda: not is_open(tollway.port))
        office.sim.open("late")
        for client in streams:
            with client.getresponse() as answer:
                assert answer.read().endswith(b"data: [DONE]\n\n")
        assert tollway.end() == 0

    assert {call.error for call in office.calls()} == {None}


def test_the_second_signal_ends_them(office: Office) -> None:
    assert office.sim is not None
    office.sim.default(events=100_000, interval=0.02)
    with several(office) as tollway, ExitStack() as clients:
        streams = opened(tollway, clients, 8)
        for client in streams:
            client.getresponse().read(10)
        tollway.process.terminate()
        tollway.said("a second signal ends them now", 2)
        tollway.process.terminate()
        assert tollway.end() == 0
        assert len(tollway.said("were still running; they are charged at their estimate", 2)) == 2

    assert [call.state for call in office.calls()] == ["done"] * 8


def test_a_rolling_restart_drops_no_byte_and_new_calls_are_served_by_new_workers(office: Office) -> None:
    """Streams go on in the workers that leave, which end after them; no call is refused meanwhile."""
    assert office.sim is not None
    with several(office) as tollway, ExitStack() as clients:
        office.sim.on(CHAT.host, "*", times=8, events=400, interval=0.02)
        streams = opened(tollway, clients, 8)
        answers = [client.getresponse() for client in streams]
        old = tollway.workers()
        tollway.process.send_signal(signal.SIGUSR2)
        while not any("all workers are new" in line for line in tollway.log):
            assert tollway.ask().status == 200
        before = tollway.served()
        statuses = {answer.status for answer in tollway.ask_all(20)}
        assert statuses == {200}
        assert (tollway.served() - before).keys() <= tollway.workers() - old
        bodies = [answer.read() for answer in answers]
        until(lambda: not old & tollway.workers())
        assert len(tollway.workers()) == 2
        assert tollway.stop() == 0

    assert all(body.endswith(b"data: [DONE]\n\n") for body in bodies)
    assert {body.count(b'"content":"') for body in bodies} == {bodies[0].count(b'"content":"')}
    assert {(call.state, call.error) for call in office.calls()} == {("done", None)}


def test_a_connection_that_is_kept_is_served_to_its_end_while_workers_are_replaced(office: Office) -> None:
    """The next answer on it is its last, so that its client comes back to a new worker."""
    with several(office) as tollway, closing(tollway.connection(CHAT.host)) as client:
        client.request("POST", CHAT.path, CHAT.content, KEY)
        with client.getresponse() as answer:
            assert answer.read()
            assert answer.headers["connection"] is None
        old = tollway.workers()
        tollway.process.send_signal(signal.SIGUSR2)
        lasts = 0
        while old & tollway.workers():
            client.request("POST", CHAT.path, CHAT.content, KEY)
            with client.getresponse() as answer:
                assert answer.status == 200
                assert answer.read()
                lasts += answer.headers["connection"] == "close"
        assert lasts in (1, 2)  # it may have come to another one that was still to be replaced
        assert tollway.stop() == 0


def test_a_policy_that_changes_reaches_all_of_them(office: Office) -> None:
    path = policy(office, "limits: []\n")
    with several(office, "--policy", path, workers=3) as tollway:
        policy(office, "limits: [{name: none, amount: 0 requests, window: day, then: [block]}]\n")
        tollway.process.send_signal(signal.SIGHUP)
        lines = tollway.said(f"the policy {path} is in force", 3)
        assert {line.partition("worker ")[2][0] for line in lines} == {"1", "2", "3"}
        assert {answer.status for answer in tollway.ask_all(30)} == {429}
        assert tollway.stop() == 0


def test_workers_are_not_replaced_by_such_that_can_not_start(office: Office) -> None:
    """A policy that has become wrong: what is in force stays so, and the former workers go on."""
    path = policy(office, "limits: []\n")
    with several(office, "--policy", path) as tollway:
        old = tollway.workers()
        Path(path).write_text("version: 2\n")
        tollway.process.send_signal(signal.SIGUSR2)
        (line,) = tollway.said("the workers were not replaced, the former ones go on: ")
        assert f"{path}:1:10: version: " in line
        assert tollway.ask().status == 200
        assert tollway.workers() == old
        assert tollway.stop() == 0


def test_auto_is_as_many_as_there_are_processors(office: Office) -> None:
    """One is a process without a supervisor."""
    with several(office, "--workers", "auto") as tollway:
        cores = len(os.sched_getaffinity(0))
        assert len(tollway.workers()) == (cores if cores > 1 else 0)
        assert tollway.stop() == 0


def opened(tollway: Several, clients: ExitStack, count: int) -> list[Any]:
    """So many connections, with a streamed call on each that the provider has, of each worker some."""
    found = [clients.enter_context(closing(tollway.connection(STREAM.host))) for _ in range(count)]
    for client in found:
        client.request("POST", STREAM.path, STREAM.content, KEY)
    sim = tollway.office.sim
    assert sim is not None
    until(lambda: len(sim.seen()) >= count)
    assert tollway.served("state = 'open'").keys() == tollway.workers()
    return found
