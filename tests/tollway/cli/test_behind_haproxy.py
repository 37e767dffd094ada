"""Two nodes behind the real haproxy, by `deploy/haproxy.cfg`."""

import http.client
import json
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.calls import CHAT
from tests.tollway.command import Office
from tests.tollway.several import KEY, until

pytestmark = pytest.mark.slow  # each starts two proxies

CONFIGURATION = Path(__file__).resolve().parents[3] / "deploy" / "haproxy.cfg"


class Node:
    """One `tollway serve` of an office."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.facts: dict[str, Any] = json.loads(process.stdout.readline())

    @property
    def admin(self) -> int:
        """The port of its admin address."""
        return int(self.facts["metrics"].rsplit(":", 1)[1].partition("/")[0])


@contextmanager
def node(office: Office) -> Iterator[Node]:
    """One that runs."""
    words = ("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--format", "json")
    with office.start("serve", *words, "--proxy-protocol", "127.0.0.1") as process:
        try:
            yield Node(process)
        finally:
            process.kill()


def configured(port: int, nodes: list[Node]) -> str:
    """The file as it is, but for addresses, ports and descriptors."""
    text = CONFIGURATION.read_text("utf-8")
    text = text.replace("bind :8080", f"bind 127.0.0.1:{port}").replace("check port 9464 ", "")
    text = text.replace("maxconn 8000", "maxconn 100")
    for each, name in zip(nodes, ("one", "two"), strict=True):
        address = f"127.0.0.1:{each.facts['port']} check port {each.admin}"
        text, count = re.subn(rf"server {name} [0-9.:]+", f"server {name} {address}", text)
        assert count == 1
    return text


@contextmanager
def haproxy(tmp_path: Path, port: int, nodes: list[Node]) -> Iterator[None]:
    """The real one, once it takes connections."""
    if (program := shutil.which("haproxy")) is None:
        pytest.skip("NO HAPROXY: it is not on PATH, deploy/haproxy.cfg is not tested")
    file = tmp_path / "haproxy.cfg"
    file.write_text(configured(port, nodes))
    with subprocess.Popen(
        [program, "-db", "-f", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            until(lambda: is_open(port) or process.poll() is not None)
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            yield
        finally:
            process.kill()


def is_open(port: int) -> bool:
    """Whether anybody listens."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def connection(office: Office, port: int, client: str) -> http.client.HTTPSConnection:
    """To a provider, through it, from this address; the caller closes it."""
    trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
    made = http.client.HTTPSConnection(
        "127.0.0.1", port, timeout=60, context=trust, source_address=(client, 0)
    )
    made.set_tunnel(CHAT.host, 443)
    return made


def asked(office: Office, port: int, client: str = "127.0.0.1") -> int:
    """A call's status."""
    with closing(connection(office, port, client)) as line:
        line.request("POST", CHAT.path, CHAT.content, KEY)
        return line.getresponse().status


def written(office: Office, column: str) -> set[str]:
    """What the calls in the ledger have of it."""
    with closing(sqlite3.connect(f"file:{office.home / 'ledger.db'}?mode=ro", uri=True)) as db:
        return {value for (value,) in db.execute(f"SELECT DISTINCT {column} FROM calls")}


def test_calls_go_to_both_nodes_and_those_of_one_that_is_killed_to_the_other(
    tmp_path: Path, office: Office, unused_tcp_port: int
) -> None:
    with node(office) as one, node(office) as two, haproxy(tmp_path, unused_tcp_port, [one, two]):
        until(lambda: asked(office, unused_tcp_port) == 200 and len(written(office, "process")) == 2)
        one.process.send_signal(signal.SIGKILL)
        one.process.wait(60)

        assert [asked(office, unused_tcp_port) for _ in range(8)] == [200] * 8


def test_each_client_keeps_its_address(tmp_path: Path, office: Office, unused_tcp_port: int) -> None:
    clients = {"127.0.0.5", "127.0.0.6"}
    with node(office) as one, node(office) as two, haproxy(tmp_path, unused_tcp_port, [one, two]):
        until(lambda: asked(office, unused_tcp_port, "127.0.0.5") == 200)
        assert asked(office, unused_tcp_port, "127.0.0.6") == 200

        until(lambda: written(office, "client") == clients)


def test_a_node_closes_what_comes_from_there_without_a_header_and_says_so(office: Office) -> None:
    """As HAProxy's would without `send-proxy`."""
    with node(office) as one:
        port = one.facts["port"]
        with pytest.raises(ConnectionResetError):
            asked(office, port)
        assert asked(office, port, "127.0.0.5") == 200
        one.process.terminate()
        assert one.process.stderr is not None
        assert "it begins with something else than a PROXY protocol header" in one.process.stderr.read()


def test_what_is_no_network_is_wrong_use(office: Office) -> None:
    done = office.run("serve", "--proxy-protocol", "proxy.example")

    assert done.returncode == 2
    assert "'proxy.example' is no address and no network: write 10.0.0.10 or 10.0.0.0/24" in done.stderr
