"""`docs/two-nodes.md`, followed on one machine: its addresses are ports here, its machines folders."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.ports import free_port
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
CALLS = 8
SERVED = "SELECT DISTINCT process FROM calls WHERE state = 'done'"


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
            "bind 10.0.0.10": f"bind {here}", "protocol 10.0.0.10": f"protocol {here}",
            "port 6379": f"port {self.redis}",
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

    def lives(self) -> bool:
        """True; fails with what it said where a program has ended."""
        for name, process in self.running.items():
            assert process.poll() is None, (name, (self.folder / name.split()[0] / "log").read_text())
        return True

    def workers(self) -> set[int]:
        """The pids of both nodes' own."""
        above = {self.running["one tollway"].pid, self.running["two tollway"].pid}
        return {pid for pid in pids() if parent(pid) in above}

    def servers(self) -> set[int]:
        """The pids of those that have served a call, by their journals."""
        found = set()
        for path in self.folder.glob("*/fleet/*/[12].db"):
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
                found |= {int(process.partition("-")[0]) for (process,) in db.execute(SERVED)}
        return found

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


def spent_by(fleet: Fleet, each: float) -> float:
    """How many calls have been charged of those that cost so much each."""
    return round(float(spent(fleet, "team-month")) / each, 3)


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
            until(
                lambda: (
                    fleet.lives() and is_ready(fleet, fleet.admin_one) and is_ready(fleet, fleet.admin_two)
                )
            )
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


def calls(fleet: Fleet, count: int, token: str | None = None, *, at_once: bool = False) -> list[str]:
    """The developer's call, so often; the status of each."""
    script = next(text for machine, _, text in BLOCKS if machine == "client")
    eval_line, _, call = script.partition("tollway whoami\n")
    call = call.replace("curl -sf", "curl -s -o /dev/null -w '%{http_code} %{http_connect}\\n'")
    after = "&" if at_once else ";"
    loop = f"{eval_line}for i in $(seq {count}); do ({call.strip()} || true) {after} done; wait"
    token = token or good(fleet.issuer)
    return fleet.run("client", loop, TOKEN=token, OPENAI_API_KEY="made-up-" + os.urandom(4).hex()).split(
        "\n"
    )[:-1]


def each_serves(fleet: Fleet) -> int:
    """Calls until every worker that runs has served one, and has set something aside; how many that took."""
    made = 0
    while not fleet.workers() <= fleet.servers():
        assert made < 10 * CALLS
        assert calls(fleet, CALLS, at_once=True) == ["200 200"] * CALLS
        made += CALLS
    return made


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

    until(lambda: float(spent(fleet, "team-month")) > 0)
    each = float(spent(fleet, "team-month"))
    made = 1 + each_serves(fleet)

    until(lambda: spent_by(fleet, each) == made)  # a call whose end is not written is charged at its bound
    fleet.kill("one tollway")
    assert calls(fleet, 4) == ["200 200"] * 4
    start_again(fleet, "one", "tollway")
    until(lambda: is_ready(fleet, fleet.admin_one))
    made += 4 + each_serves(fleet)

    until(lambda: spent_by(fleet, each) == made)
    fleet.kill("redis redis-server")
    assert calls(fleet, 4) == ["200 200"] * 4
    made += 4
    start_again(fleet, "redis", "redis-server")
    until(lambda: spent_by(fleet, each) == made)
    assert "ACLs rules changed" not in (fleet.folder / "redis" / "log").read_text()  # it took all of its file
    with closing(redis.Redis(port=fleet.redis)) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()

    fleet.kill("redis redis-server")
    for path in (fleet.folder / "redis").glob("appendonlydir/*"):
        path.unlink()
    start_again(fleet, "redis", "redis-server")
    until(lambda: spent_by(fleet, each) == made)
    until(lambda: calls(fleet, 1) == ["200 200"])
    assert "hard limits are closed" in (fleet.folder / "two" / "log").read_text()

    (status,) = calls(fleet, 1, good(fleet.issuer, aud="another"))
    assert status.endswith(" 407")
    for machine in ("one", "two"):
        path = fleet.folder / machine / "policy.yaml"
        path.write_text(path.read_text().replace("amount: 5 USD", "amount: 0.000001 USD"))
    until(lambda: calls(fleet, 6) == ["429 200"] * 6)
