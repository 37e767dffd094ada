"""The admin address of `tollway serve`, as processes: one, and several behind one port."""

import json
import os
import signal
import socket
import stat
import subprocess
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.cli.test_serve import serving
from tests.tollway.cli.test_serve_observed import call
from tests.tollway.command import Office
from tests.tollway.several import KEY, Several, policy, several, until

pytestmark = pytest.mark.slow  # each starts proxies

TOKEN = "made-up-token-of-32-characters-x"
LIMITS = "limits: [{name: day, amount: 100 USD, window: day}]\n"


class OverSocket(HTTPConnection):
    """A client of a Unix socket."""

    def connect(self) -> None:
        """To the path that is its host."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


def get(client: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """The status, and what JSON says."""
    with closing(client):
        client.request("GET", path, headers=headers or {})
        with client.getresponse() as answer:
            body = answer.read()
            is_json = answer.headers["content-type"] == "application/json"
            return answer.status, json.loads(body) if is_json else body.decode()


def test_by_its_socket_one_proxy_is_watched_from_its_start_to_the_end_of_its_last_call(
    office: Office, tmp_path: Path
) -> None:
    """Told to stop, it is not ready at once; the call goes on, and may be watched."""
    assert office.sim is not None
    path = tmp_path / "admin.sock"
    file = policy(office, LIMITS)
    with serving(office, "--admin", f"unix:{path}", "--policy", file, "--format", "json") as server:
        facts = json.loads(server.line)
        assert (facts["admin"], "metrics" in facts) == (f"unix:{path}", False)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert get(OverSocket(str(path)), "/healthz") == (200, {"alive": True})
        status, ready = get(OverSocket(str(path)), "/readyz?strict")
        assert (status, ready["ready"]) == (200, True), ready
        assert list(ready["checks"]) == ["serving", "store", "policy", "ca", "clock"]
        call(office, facts["port"])
        until(lambda: get(OverSocket(str(path)), "/budgets")[1]["budgets"])
        printed = json.loads(office.run("budgets", "--format", "json", "--policy", file).stdout)
        told = get(OverSocket(str(path)), "/budgets")[1]
        for each in (told, printed):
            del each["budgets"][0]["per_hour"], each["budgets"][0]["exhausted_at"]  # as of the second
        assert told == printed
        assert "tollway_calls_total" in get(OverSocket(str(path)), "/metrics")[1]

        office.sim.default(gate="late")
        words = ("--proxy", facts["url"], "--cacert", facts["ca"], "-sS", "-d", json.dumps(CHAT.body))
        with subprocess.Popen(
            ["curl", *words, "-H", "authorization: Bearer made-up-key", CHAT.url], stdout=subprocess.PIPE
        ) as curl:
            until(lambda: len(office.sim.seen()) == 2)  # type: ignore[union-attr]
            server.process.terminate()
            until(lambda: get(OverSocket(str(path)), "/readyz")[0] == 503)
            status, ready = get(OverSocket(str(path)), "/readyz")
            assert (status, list(ready["checks"])) == (503, ["serving"])
            assert "tollway_calls_in_flight 1\n" in get(OverSocket(str(path)), "/metrics")[1]
            assert curl.poll() is None
            office.sim.open("late")
            assert curl.stdout is not None
            assert b'"usage"' in curl.stdout.read()
        assert server.end()[0] == 0
    assert not path.exists()


def test_of_several_workers_all_is_told_by_their_supervisor_to_who_has_the_token(office: Office) -> None:
    """At all addresses of the machine. One that is killed is missed, and the others are enough; told to stop,
    none is ready, while calls go on."""
    assert office.sim is not None
    with_token = replace(office, environment={**office.environment, "TOLLWAY_ADMIN_TOKEN": TOKEN})
    words = ("--admin", "0.0.0.0:0", "--admin-open-probes", "--policy", policy(office, LIMITS))
    with several(with_token, *words) as tollway:
        assert get(at(tollway), "/readyz") == (200, {"ready": True})
        for path in ("/metrics", "/budgets", "/"):
            assert get(at(tollway), path)[0] == 401
        assert ready(tollway)["workers"]["listening"] == 2
        assert list(ready(tollway)) == ["workers", "serving", "store", "policy", "ca", "clock"]
        tollway.ask_each()
        (budget,) = get(at(tollway), "/budgets", SHOWS)[1]["budgets"]
        assert budget["amount"] == "100"

        os.kill(victim := min(tollway.workers()), signal.SIGSTOP)
        missed = ready(tollway)["workers"]
        assert (missed["status"], missed["answering"]) == ("warn", 1)
        assert get(at(tollway), "/readyz")[0] == 200
        os.kill(victim, signal.SIGKILL)
        until(lambda: ready(tollway)["workers"]["status"] == "ok")

        office.sim.default(gate="late")
        before = len(office.sim.seen())
        with closing(tollway.connection(CHAT.host)) as client:
            client.request("POST", CHAT.path, CHAT.content, KEY)
            until(lambda: len(office.sim.seen()) == before + 1)  # type: ignore[union-attr]
            tollway.process.terminate()
            until(lambda: get(at(tollway), "/readyz") == (503, {"ready": False}))
            assert list(ready(tollway)) == ["serving"]
            office.sim.open("late")
            with client.getresponse() as answer:
                assert answer.status == 200
                assert answer.read()
        assert tollway.end() == 0
    assert not [line for line in tollway.log if TOKEN in line]


SHOWS = {"authorization": f"Bearer {TOKEN}"}


def at(tollway: Several) -> HTTPConnection:
    """Its admin address."""
    return HTTPConnection("127.0.0.1", int(tollway.facts["admin"].rpartition(":")[2]), timeout=120)


def ready(tollway: Several) -> Any:
    """Its checks."""
    return get(at(tollway), "/readyz", SHOWS)[1]["checks"]
