"""`tollway serve`, as a process: its log and its metrics."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.tollway.calls import CLAUDE, PASSING
from tests.tollway.cli.test_serve import BODY, HOST, PATH, Serving, serving
from tests.tollway.command import Office
from tests.tollway.scraped import Scraped, read
from tollway.money import usd

pytestmark = pytest.mark.slow  # each starts a proxy

ADMIN = ("--admin", "127.0.0.1:0", "--format", "json")


def facts(server: Serving) -> dict[str, object]:
    """What a server says of itself with `--format json`."""
    found: dict[str, object] = json.loads(server.line)
    return found


def call(office: Office, port: object, *, shown: str = "") -> None:
    """A streamed call through a proxy, to its end. `shown`: a credential."""
    trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
    with closing(http.client.HTTPSConnection("127.0.0.1", port, timeout=120, context=trust)) as client:  # type: ignore[arg-type]
        client.set_tunnel(HOST, 443)
        client.request("POST", PATH, BODY, {"content-type": "application/json", "x-goog-api-key": shown})
        with client.getresponse() as answer:
            assert answer.status == 200
            answer.read()


def scrape(server: Serving) -> Scraped:
    """Its metrics."""
    address = urlsplit(str(facts(server)["metrics"]))
    with closing(http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=120)) as client:
        client.request("GET", address.path)
        with client.getresponse() as answer:
            return read(answer.read().decode())


def test_metrics_are_asked_for_where_it_says_and_are_the_ledgers(office: Office) -> None:
    with serving(office, *ADMIN) as server:
        for _ in range(3):
            call(office, facts(server)["port"])
        while (found := scrape(server)).sum("tollway_calls_total") < 3:
            pass
        server.process.terminate()

        assert server.end() == (0, "", "")
    calls = office.calls()
    assert found.sum("tollway_cost_usd_total") == Decimal(usd(sum(one.cost.nano for one in calls)))
    assert found.sum("tollway_tokens_total", kind="output_tokens") == sum(
        one.usage.output_tokens or 0 for one in calls
    )
    assert found.sum("process_resident_memory_bytes") > 10_000_000


def test_where_metrics_are_is_said_to_people_too(office: Office) -> None:
    with serving(office, "--admin", "localhost:0") as server:
        assert server.line.startswith("tollway listens on http://127.0.0.1:")
        assert "; metrics: http://" in server.line
        server.process.terminate()

        assert server.end() == (0, "", "")


@pytest.mark.parametrize("address", ["0.0.0.0:9464", "example.com:9464", "[::]:9464"])
def test_an_address_that_others_reach_is_wrong_use(office: Office, address: str) -> None:
    done = office.run("serve", "--listen", "127.0.0.1:0", "--admin", address)

    assert (done.returncode, done.stdout) == (2, "")
    assert "can be reached from other machines" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_and_nothing_listens(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = office.run("serve", "--listen", "127.0.0.1:0", "--admin", address)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"tollway: --admin: can't listen on {address}: Address already in use; choose another port, or port "
        "0\n"
    )


def test_a_normal_day_is_quiet(office: Office) -> None:
    """Calls, metrics, a policy that is read again: in a log of text not a line, but for that."""
    policy = office.home / "policy.yaml"
    policy.write_text("version: 1\nlimits: [{name: day, amount: 100 USD, window: day}]\n")
    with serving(office, *ADMIN, "--policy", str(policy)) as server:
        for _ in range(5):
            call(office, facts(server)["port"])
        scrape(server)
        server.process.send_signal(signal.SIGHUP)
        while not scrape(server).sum("tollway_policy_reloads_total", result="ok"):
            pass
        server.process.terminate()

        assert server.end() == (0, "", f"tollway: INFO the policy {policy} is in force\n")


def test_what_providers_and_clients_do_every_day_is_quiet_too(office: Office) -> None:
    """Refusals and failures of a provider, HTTP/2, a client that leaves, a page, a passing request."""
    with serving(office) as server:
        trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
        proxy = f"http://127.0.0.1:{server.port}"
        with httpx.Client(proxy=proxy, verify=trust, http2=True, timeout=120) as client:
            for scenario in ({"status": 429}, {"status": 500}, {}):
                client.post(CLAUDE.url, json=CLAUDE.body, headers={"x-sim": json.dumps(scenario)})
            hangs = json.dumps({"cut": {"how": "hang", "after_events": 3}})
            body = CLAUDE.streamed().body
            with client.stream("POST", CLAUDE.url, json=body, headers={"x-sim": hangs}) as answer:
                next(answer.iter_raw())
            client.post(PASSING.url, json=PASSING.body)
            assert client.get("http://tollway.internal/all").status_code == 200
        cut = {"x-sim": json.dumps({"cut": {"how": "reset", "after_events": 2}})}
        with httpx.Client(proxy=proxy, verify=trust, timeout=120) as client:
            with pytest.raises(httpx.TransportError):
                client.post(CLAUDE.url, json=CLAUDE.streamed().body, headers=cut)
        server.process.terminate()

        assert server.end() == (0, "", "")
    assert [call.error for call in office.calls()][3:] == ["abandoned", "cut"]


def test_a_log_of_text_has_a_line_for_each_call_if_that_is_asked_for(office: Office) -> None:
    with serving(office, "--log-calls") as server:
        call(office, server.port)
        server.process.terminate()
        _, _, said = server.end()

    (line,) = said.splitlines()
    (one,) = office.calls()
    assert line.startswith(f"tollway: INFO call {one.id} model=gemini/gemini-2.5-flash status=200 in=")


def test_a_log_of_json_is_an_object_a_line_and_has_no_key_and_no_prompt(
    office: Office, tmp_path: Path
) -> None:
    """All of it: calls, and what else is said."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n")
    key = f"AIza{os.urandom(12).hex()}"
    with serving(office, "--log-format", "json", "--policy", str(policy)) as server:
        call(office, server.port, shown=key)
        with pytest.raises(ssl.SSLError), server.asked(office.sim.root_ca):  # type: ignore[union-attr]
            pass
        server.process.send_signal(signal.SIGHUP)
        assert server.process.stderr is not None
        lines = [server.process.stderr.readline() for _ in range(3)]
        server.process.terminate()
        server.process.communicate(timeout=120)

    found = {line["event"] + line["level"]: line for line in map(json.loads, lines)}
    (one,) = office.calls()
    assert set(found) == {"callinfo", "logwarning", "loginfo"}
    said = found["callinfo"]
    assert (said["id"], said["model"], said["cost_usd"]) == (one.id, one.model, usd(one.cost.nano))
    assert found["loginfo"]["message"] == f"the policy {policy} is in force"
    assert "TLS handshake failed" in found["logwarning"]["message"]
    assert key not in "".join(lines)
    assert '"hi"' not in "".join(lines)


def test_a_log_that_nobody_reads_holds_no_call_up(office: Office) -> None:
    """A pipe that is full before the first call, and stays so: every call is answered, metrics too, and the
    process ends when it is told to."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    try:
        while os.write(write_end, b"x" * 65_536):
            pass
    except BlockingIOError:
        os.set_blocking(write_end, True)
    words = office.words("serve", "--listen", "127.0.0.1:0", "--log-format", "json", *ADMIN)
    with subprocess.Popen(
        words, env=office.variables, text=True, stdout=subprocess.PIPE, stderr=write_end
    ) as process:
        try:
            server = Serving(process)
            for _ in range(20):
                call(office, facts(server)["port"])
            while scrape(server).sum("tollway_calls_total") < 20:
                pass
            process.terminate()

            assert process.wait(120) == 0
        finally:
            process.kill()
            os.close(read_end)
            os.close(write_end)
    assert len(office.calls()) == 20
