"""`tollway serve`, as a process: where it listens, how it stops, what goes wrong."""

import http.client
import json
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.tollway.command import Office
from tests.tollway.hook import Hook
from tollway.model import Source

pytestmark = pytest.mark.slow  # each starts a proxy

PATH = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
HOST = "generativelanguage.googleapis.com"
BODY = json.dumps({"contents": [{"parts": [{"text": "hi"}]}]})


class Serving:
    """A `tollway serve` on a free port."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.line = process.stdout.readline()
        """What it said when it listened."""

    @property
    def port(self) -> int:
        """Of the line."""
        return int(self.line.rpartition(":")[2])

    def is_open(self) -> bool:
        """Whether it takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        except (ConnectionRefusedError, ConnectionResetError):  # reset: closed while it connected
            return False
        return True

    @contextmanager
    def asked(self, ca: Path) -> Iterator[http.client.HTTPResponse]:
        """A streamed call through it, up to the answer's head."""
        trust = ssl.create_default_context(cafile=ca)
        proxy = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=120, context=trust)
        with closing(proxy) as connection:
            connection.set_tunnel(HOST, 443)
            connection.request("POST", PATH, BODY, {"content-type": "application/json"})
            with connection.getresponse() as answer:
                yield answer

    def end(self) -> tuple[int, str, str]:
        """Status, what else it said, and its log without the times."""
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out, re.sub(r"(?m)^[-\d]{10} [:\d]{8} ", "", err)


@contextmanager
def serving(office: Office, *words: str) -> Iterator[Serving]:
    """One, killed at the end if it is still there."""
    with office.start("serve", "--listen", "127.0.0.1:0", *words) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_says_where_it_listens_and_stops_at_a_signal(office: Office, number: signal.Signals) -> None:
    """One line on standard output, at once, with the port that it got; exit status 0."""
    with serving(office) as server:
        assert re.fullmatch(r"tollway listens on http://127\.0\.0\.1:[1-9]\d+\n", server.line)
        assert server.is_open()
        server.process.send_signal(number)

        assert server.end() == (0, "", "")


def test_programs_read_where_it_listens_as_an_object(office: Office) -> None:
    """One line, too."""
    with serving(office, "--format", "json") as server:
        facts = json.loads(server.line)
        server.process.terminate()

        assert server.end() == (0, "", "")
    assert facts == {
        "url": f"http://127.0.0.1:{facts['port']}",
        "host": "127.0.0.1",
        "port": facts["port"],
        "ca": str(office.home / "ca" / "tollway-ca.pem"),
        "pid": server.process.pid,
        "urls": [facts["url"]],
    }


def test_it_listens_at_each_address_that_is_named(office: Office, unused_tcp_port: int) -> None:
    """In every mode that does not name its own."""
    with serving(office, "--listen", f"[::1]:{unused_tcp_port}") as server:
        first, second = server.line.removeprefix("tollway listens on ").split(", ")
        assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d+", first)
        assert second == f"http://[::1]:{unused_tcp_port}\n"
        for host, port in (("127.0.0.1", int(first.rpartition(":")[2])), ("::1", unused_tcp_port)):
            socket.create_connection((host, port), 5).close()


def test_it_names_every_address_that_it_listens_on(office: Office, unused_tcp_port: int) -> None:
    """A mode has its own, in the order of the modes."""
    modes = ("--mode", "regular", "--mode", f"reverse:https://api.openai.com@{unused_tcp_port}")
    with serving(office, *modes) as server:
        url = r"http://127\.0\.0\.1:[1-9]\d+"
        assert re.fullmatch(
            rf"tollway listens on {url}, http://127\.0\.0\.1:{unused_tcp_port}\n", server.line
        )
        server.process.terminate()

        assert server.end() == (0, "", "")


def test_the_first_signal_lets_calls_finish(office: Office) -> None:
    """No new ones meanwhile: nobody listens."""
    assert office.sim is not None
    office.sim.default(events=60, interval=0.05)

    with serving(office) as server, server.asked(office.home / "ca" / "tollway-ca.pem") as answer:
        server.process.terminate()
        log = server.process.stderr
        assert log is not None
        assert log.readline().endswith("INFO waiting for the end of 1 call; a second signal ends them now\n")
        while server.is_open():  # it is said a moment before
            pass
        body = answer.read()

        assert server.end() == (0, "", "")
    assert b'"usageMetadata"' in body
    (call,) = office.calls()
    assert (call.state, call.error, call.cost.source) == ("done", None, Source.COMPUTED)


def test_the_second_signal_ends_them(office: Office) -> None:
    """They are in the ledger with an estimate."""
    assert office.sim is not None
    office.sim.default(events=100_000, interval=0.02)

    with serving(office) as server, server.asked(office.home / "ca" / "tollway-ca.pem") as answer:
        answer.read(10)
        server.process.terminate()
        log = server.process.stderr
        assert log is not None
        log.readline()
        server.process.terminate()
        status, _, said = server.end()

    assert (status, said) == (
        0,
        "tollway: WARNING 1 calls were still running; they are charged at their estimate\n",
    )
    (call,) = office.calls()
    assert (call.state, call.cost.source) == ("done", Source.ESTIMATED)


def test_what_is_ignored_does_not_stop_it(office: Office) -> None:
    """`nohup tollway serve &` outlives its terminal."""
    words = office.words("serve", "--listen", "127.0.0.1:0")
    with subprocess.Popen(
        ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *words],
        env=office.variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        server = Serving(process)
        process.send_signal(signal.SIGHUP)
        assert server.is_open()
        process.terminate()

        assert server.end() == (0, "", "")


def test_a_port_in_use_is_said(office: Office) -> None:
    """It does not run on without listening."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = office.run("serve", "--listen", address)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"tollway: can't listen on {address}: another program has the port; choose another with --listen "
        "HOST:PORT, or port 0\n"
    )


@pytest.mark.parametrize(
    ("words", "variables", "status", "said"),
    [
        (("--listen", "192.0.2.1:0"), {}, 1, "can't listen on 192.0.2.1:0: this machine has no such address"),
        (("--listen", "no.such.invalid:80"), {}, 1, "can't listen on no.such.invalid:80: "),
        (("--listen", "8080"), {}, 2, "'8080' is not HOST:PORT"),
        (("--mode", "nope"), {}, 1, "--mode: Invalid proxy mode specification: nope (unknown mode)"),
        (("--mode", "reverse:"), {}, 1, "--mode: Invalid proxy mode specification: reverse:"),
        (("--set", "websocket=false"), {}, 1, "refused, sockets would pass unmetered"),
        (("--set", "stream_large_bodies=1m"), {}, 1, "refused, bodies would leave before they are metered"),
        (("--set", "nope=1"), {}, 1, "--set nope=1: Unknown option(s): nope"),
        (("--workers", "0"), {}, 2, "'0' is no number of processes from 1 to 128, and not auto"),
        (("--policy", "/no/such.yaml"), {}, 2, "/no/such.yaml: can't be read: No such file"),
        (("--ledger", "sqlite:/dev/null/x"), {}, 1, "can't be made: "),
        ((), {"TOLLWAY_HOME": "/dev/null/x"}, 1, "/dev/null/x/ca/authority.pem: Not a directory"),
    ],
    ids=lambda value: " ".join(map(str, value))[:30] if isinstance(value, tuple | dict) else "",
)
def test_what_is_wrong_is_said_in_a_sentence(
    office: Office, words: tuple[str, ...], variables: dict[str, str], status: int, said: str
) -> None:
    """Nothing listens then, and there is no traceback."""
    done = Office(office.home, None, variables).run("serve", "--listen", "127.0.0.1:0", *words)

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_policy_has_its_line_and_column(office: Office, tmp_path: Path) -> None:
    """Every mistake on a line of its own; exit status 2."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nfaults:\n  abandoned: maybe\n  store_down: never\n")

    done = office.run("serve", "--listen", "127.0.0.1:0", "--policy", str(policy))

    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == [
        f"{policy}:3:14",
        f"{policy}:4:15",
    ]


def test_the_log_is_one_readable_line_each(office: Office) -> None:
    """A client that does not trust us is named with the host it wanted; its connections are not."""
    assert office.sim is not None
    with serving(office) as server:
        with pytest.raises(ssl.SSLError), server.asked(office.sim.root_ca):
            pass
        server.process.terminate()
        _, _, said = server.end()

    assert re.fullmatch(
        rf"tollway: WARNING Client TLS handshake failed\. The client does not trust the proxy's certificate "
        rf"for {re.escape(HOST)} \(.*\)\n",
        said,
    )


def test_a_hangup_reads_the_policy_again(office: Office, tmp_path: Path) -> None:
    """Without a terminal; the log says what became of it, and it goes on either way."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n")
    with serving(office, "--policy", str(policy)) as server:
        server.process.send_signal(signal.SIGHUP)
        assert server.process.stderr is not None
        assert server.process.stderr.readline().endswith(f"tollway: INFO the policy {policy} is in force\n")
        assert server.is_open()
        server.process.terminate()

        assert server.end() == (0, "", "")


@pytest.fixture
def alerting(tmp_path: Path) -> str:
    """A policy's file, with a level that one call reaches."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\n"
        "limits: [{name: day, amount: 2 requests, window: day, alerts: [50%]}]\n"
        "alerts: {webhook: env:TOLLWAY_ALERT_URL}\n"
    )
    return str(policy)


def test_what_is_on_its_way_reaches_the_webhook_before_the_end(
    office: Office, alerting: str, hook: Hook
) -> None:
    """And the log, which does not know where the webhook is."""
    told = Office(office.home, office.sim, {"TOLLWAY_ALERT_URL": hook.url})
    with serving(told, "--policy", alerting) as server:
        with server.asked(office.home / "ca" / "tollway-ca.pem") as answer:
            answer.read()
        server.process.terminate()

        assert server.end() == (
            0,
            "",
            "tollway: WARNING the limit day has reached 50%: 1 requests of 2 requests\n",
        )
    assert hook.kinds == ["level"]


def test_a_webhook_without_an_address_is_said(office: Office, alerting: str) -> None:
    """With a wrong policy's status."""
    unset = Office(office.home, None, {"TOLLWAY_ALERT_URL": ""})

    done = unset.run("serve", "--listen", "127.0.0.1:0", "--policy", alerting)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tollway: alerts.webhook: the environment variable TOLLWAY_ALERT_URL has no URL: set it, or remove "
        "the webhook\n"
    )
