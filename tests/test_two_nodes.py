"""`docs/two-nodes.md`, followed on one machine: its addresses are ports here, its machines folders."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.redis_server import free_port
from tests.simulator.process import Running, running
from tests.tollway.command import TOLLWAY, Office
from tests.tollway.forgeries import good
from tests.tollway.issuers.provider import Provider, providing
from tests.tollway.several import parent, pids, until

pytestmark = pytest.mark.slow  # it starts two proxies of two workers each

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "two-nodes.md").read_text("utf-8")
BLOCKS = re.findall(r"<!-- on (\w+)(, goes on)? -->\n```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
POLICY = re.search(r"<!-- file policy.yaml -->\n```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
NEEDED = ("redis-server", "haproxy", "curl", "openssl")
CALLS = 24
"""Enough that each of four workers has served some."""


class Fleet:
    """All machines of the page."""

    def __init__(self, folder: Path, sim: Running, issuer: Provider) -> None:
        self.folder = folder
        self.issuer = issuer
        self._sim = sim
        self._stack = ExitStack()
        self._programs = folder / "bin"
        self.running: dict[str, subprocess.Popen[str]] = {}
        """By machine and program."""
        ports = [free_port() for _ in range(6)]
        self.redis, self.entry, one, two, self.admin_one, self.admin_two = ports
        here = "127.0.0.1"
        self._common = {
            "10.0.0.10:6379": f"{here}:{self.redis}", "10.0.0.10:8080": f"{here}:{self.entry}",
            "bind 10.0.0.10": f"bind {here}", "port 6379": f"port {self.redis}",
            "10.0.0.11:9464": f"{here}:{self.admin_one}", "10.0.0.12:9464": f"{here}:{self.admin_two}",
            "https://login.example.com/": issuer.issuer, "/srv/two": str(folder / "two"),
            "/opt/tollway/deploy/haproxy.cfg": str(folder / "haproxy.cfg"),
        }  # fmt: skip
        self._own = {
            "one": {"0.0.0.0:8080": f"{here}:{one}", "0.0.0.0:9464": f"{here}:{self.admin_one}"},
            "two": {"0.0.0.0:8080": f"{here}:{two}", "0.0.0.0:9464": f"{here}:{self.admin_two}"},
        }
        for name in ("redis", "one", "two", "client", "bin"):
            (folder / name).mkdir()
        self._write_program()
        self._write_haproxy(one, two)

    def _write_program(self) -> None:
        """`tollway` on the PATH, to which the simulator is every provider."""
        options = " ".join(Office(self.folder, self._sim).options)
        words = " ".join(TOLLWAY)
        path = self._programs / "tollway"
        serve = f'serve) shift; exec {words} serve {options} "$@" ;;'
        path.write_text(f'#!/bin/sh\ncase "$1" in\n{serve}\n*) exec {words} "$@" ;;\nesac\n')
        path.chmod(0o755)

    def _write_haproxy(self, one: int, two: int) -> None:
        """The file as it is, but for addresses, ports and descriptors."""
        text = (ROOT / "deploy" / "haproxy.cfg").read_text("utf-8")
        text = text.replace("bind :8080", f"bind 127.0.0.1:{self.entry}").replace(
            "maxconn 8000", "maxconn 100"
        )
        text = text.replace("check port 9464 ", "")
        text = text.replace("10.0.0.11:8080", f"127.0.0.1:{one} check port {self.admin_one}")
        text = text.replace("10.0.0.12:8080", f"127.0.0.1:{two} check port {self.admin_two}")
        (self.folder / "haproxy.cfg").write_text(text)

    def told(self, machine: str, text: str) -> str:
        """A text of the page, for here."""
        for word, here in {**self._common, **self._own.get(machine, {})}.items():
            text = text.replace(word, here)
        return text

    def variables(self, machine: str, more: Mapping[str, str]) -> dict[str, str]:
        """Of a machine's shell."""
        folder = str(self.folder / machine)
        path = f"{self._programs}:{os.environ['PATH']}:/usr/sbin"
        kept = Office(self.folder / machine).variables
        return {**kept, "HOME": folder, "TOLLWAY_HOME": folder, "PATH": path, **more}

    def run(self, machine: str, script: str, **more: str) -> str:
        """Have a machine's shell do it, to its end; what it printed."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.told(machine, script)],
            cwd=self.folder / machine, env=self.variables(machine, more), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, (done.args[-1], done.stdout, done.stderr)
        return done.stdout

    def start(self, machine: str, script: str) -> None:
        """Have it run on."""
        log = self._stack.enter_context((self.folder / machine / "log").open("a"))
        process = self._stack.enter_context(
            subprocess.Popen(
                ["bash", "-c", f"exec {self.told(machine, script)}"], cwd=self.folder / machine, text=True,
                env=self.variables(machine, {}), start_new_session=True, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )
        )  # fmt: skip
        self.running[f"{machine} {script.split()[0]}"] = process

    def kill(self, name: str) -> None:
        """A program of a machine, and all that it started."""
        process = self.running.pop(name)
        for pid in [process.pid, *(pid for pid in pids() if parent(pid) == process.pid)]:
            os.kill(pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        """End all."""
        for name in list(self.running):
            self.kill(name)
        self._stack.close()


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Nothing runs yet."""
    if missing := [
        name for name in NEEDED if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None
    ]:
        pytest.skip(f"NO {', '.join(missing)}: docs/two-nodes.md is not tested")
    with providing() as issuer, running(tmp_path / "simulator") as sim:
        there = Fleet(tmp_path, sim, issuer)
        try:
            yield there
        finally:
            there.close()


def is_ready(fleet: Fleet, port: int) -> bool:
    """Whether a node says so."""
    words = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"http://127.0.0.1:{port}/readyz"]
    return subprocess.run(words, capture_output=True, text=True).stdout == "200"


def spent(fleet: Fleet, limit: str) -> str:
    """In USD, by `tollway budgets`."""
    told = json.loads(fleet.run("one", "tollway budgets --ledger file:ledger --format json"))
    found: list[dict[str, Any]] = [each for each in told["budgets"] if each["limit"] == limit]
    return str(found[0]["settled"]) if found else "0"


def followed(fleet: Fleet) -> dict[str, list[str]]:
    """The page, block by block; what each machine's finite blocks printed."""
    assert POLICY is not None
    (fleet.folder / "one" / "policy.yaml").write_text(fleet.told("one", POLICY[1]))
    said: dict[str, list[str]] = {}
    token = good(fleet.issuer)
    for machine, goes_on, script in BLOCKS:
        if goes_on:
            fleet.start(machine, script)
            continue
        if machine == "one" and not (fleet.folder / "one" / "ledger").exists():
            shutil.copy(fleet.folder / "redis" / "ledger", fleet.folder / "one" / "ledger")
        if machine == "two":
            until(lambda: is_ready(fleet, fleet.admin_one) and is_ready(fleet, fleet.admin_two))
        if machine == "client":
            shutil.copy(fleet.folder / "one" / "ca" / "tollway-ca.pem", fleet.folder / "client")
            until(lambda: reaches(fleet, token))
        key = "made-up-" + os.urandom(4).hex()
        said.setdefault(machine, []).append(fleet.run(machine, script, TOKEN=token, OPENAI_API_KEY=key))
    return said


def reaches(fleet: Fleet, token: str) -> bool:
    """Whether HAProxy has found its nodes."""
    words = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "http://tollway.internal/whoami"]
    proxy = f"http://jwt:{token}@127.0.0.1:{fleet.entry}"
    return subprocess.run([*words, "--proxy", proxy], capture_output=True, text=True).stdout == "200"


def calls(fleet: Fleet, count: int, token: str | None = None) -> list[str]:
    """The developer's call, so often; the status of each."""
    script = next(text for machine, _, text in BLOCKS if machine == "client")
    eval_line, _, call = script.partition("tollway whoami\n")
    call = call.replace("curl -sf", "curl -s -o /dev/null -w '%{http_code} %{http_connect}\\n'")
    loop = f"{eval_line}for i in $(seq {count}); do {call.strip()} || true; done"
    token = token or good(fleet.issuer)
    return fleet.run("client", loop, TOKEN=token, OPENAI_API_KEY="made-up-" + os.urandom(4).hex()).split(
        "\n"
    )[:-1]


def start_again(fleet: Fleet, machine: str, program: str) -> None:
    """By the page's own words."""
    fleet.start(
        machine,
        next(text for on, goes, text in BLOCKS if on == machine and goes and text.startswith(program)),
    )


def test_the_page_leads_to_two_nodes_and_each_failure_is_as_it_says(fleet: Fleet) -> None:
    said = followed(fleet)
    assert "ann@example.com, team search, role intern (proxy_jwt, verified)" in said["client"][0]
    assert '"choices"' in said["client"][0]
    assert "team-month" in said["one"][1]
    assert "ann@example.com" in said["one"][1]

    served = calls(fleet, CALLS)
    assert served == ["200 200"] * CALLS
    until(lambda: float(spent(fleet, "team-month")) > 0)
    before = float(spent(fleet, "team-month"))

    fleet.kill("one tollway")
    assert calls(fleet, 4) == ["200 200"] * 4
    start_again(fleet, "one", "tollway")
    until(lambda: is_ready(fleet, fleet.admin_one))
    assert calls(fleet, CALLS) == ["200 200"] * CALLS

    fleet.kill("redis redis-server")
    assert calls(fleet, 4) == ["200 200"] * 4
    start_again(fleet, "redis", "redis-server")
    each = before / (CALLS + 1)
    until(lambda: round(float(spent(fleet, "team-month")) / each) == 2 * CALLS + 9)

    fleet.kill("redis redis-server")
    for path in (fleet.folder / "redis").glob("appendonlydir/*"):
        path.unlink()
    start_again(fleet, "redis", "redis-server")
    until(lambda: round(float(spent(fleet, "team-month")) / each) == 2 * CALLS + 9)
    until(lambda: calls(fleet, 1) == ["200 200"])
    assert "hard limits are closed" in (fleet.folder / "two" / "log").read_text()

    (status,) = calls(fleet, 1, good(fleet.issuer, aud="another"))
    assert status.endswith(" 407")
    for machine in ("one", "two"):
        path = fleet.folder / machine / "policy.yaml"
        path.write_text(path.read_text().replace("amount: 5 USD", "amount: 0.000001 USD"))
    until(lambda: calls(fleet, 6) == ["429 200"] * 6)
