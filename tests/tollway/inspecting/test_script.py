"""`mitmproxy -s addons/entry.py` and `mitmweb -s`: the chain in mitmproxy's own tools, as processes."""

import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.ports import free_port
from tests.terminal import Terminal, terminal
from tests.tollway.calls import CLAUDE
from tests.tollway.command import Office

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
POLICY = "version: 1\nlimits: [{name: day, amount: 1 requests, window: rolling 24h, then: [block]}]\n"
OTHERS = """
class Redirect:
    def server_connect(self, data):
        data.server.sni = data.server.address[0]
        data.server.address = ("{address}", {port})


class Mistaken:
    def request(self, flow):
        raise ValueError("a mistake")


addons = [Redirect(), Mistaken()]
"""
"""A script of the user's: it leads calls to the simulator, and it has a mistake."""


def words(office: Office, tool: str, port: int, *more: str) -> list[str]:
    """The command: two scripts, the user's first."""
    assert office.sim is not None
    own = office.home / "others.py"
    own.write_text(OTHERS.format(address=office.sim.address, port=office.sim.port))
    shutil.copy(ROOT / "addons" / "entry.py", office.home / "entry.py")
    return [
        *(str(Path(sys.executable).with_name(tool)), "-s", str(own), "-s", str(office.home / "entry.py")),
        *(
            "--set",
            f"confdir={office.home / 'mitm'}",
            "--listen-host",
            "127.0.0.1",
            "--listen-port",
            f"{port}",
        ),
        *("--set", f"ssl_verify_upstream_trusted_ca={office.sim.root_ca}", *more),
    ]


def client(office: Office, port: int) -> httpx.Client:
    """A client that trusts mitmproxy's own CA."""
    trust = ssl.create_default_context(cafile=office.home / "mitm" / "mitmproxy-ca-cert.pem")
    return httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=trust, timeout=120)


def variables(office: Office) -> dict[str, str]:
    """Where `tollway` is, for a script that is not in the checkout; mitmweb's lines come as they are said."""
    return {**office.variables, "PYTHONPATH": str(ROOT / "addons"), "PYTHONUNBUFFERED": "1"}


@contextmanager
def console(office: Office) -> Iterator[tuple[Terminal, httpx.Client]]:
    """mitmproxy's console, once the chain is in its place, and a client."""
    port = free_port()
    with terminal(words(office, "mitmproxy", port), variables(office), 140, 40) as screen:
        screen.wait(f"[127.0.0.1:{port}]")
        screen.press("E")
        screen.wait("Tollway runs inside mitmproxy's own engine")
        with client(office, port) as made:
            yield screen, made


def test_limits_hold_beside_a_script_with_a_mistake_whatever_becomes_of_this_one(office: Office) -> None:
    """Saved with an error in it, and deleted: mitmproxy unloads a script then, and calls would pass."""
    (office.home / "policy.yaml").write_text(POLICY)
    script = office.home / "entry.py"
    with console(office) as (screen, made):
        statuses = [made.post(CLAUDE.url, json=CLAUDE.streamed().body).status_code]
        script.write_text("no Python")
        screen.wait("error in script")
        statuses.append(made.post(CLAUDE.url, json=CLAUDE.body).status_code)
        script.unlink()
        screen.wait("Un-loading script")
        statuses.append(made.post(CLAUDE.url, json=CLAUDE.body).status_code)
        screen.press("q", "Enter")
        screen.wait("── user ──")
        screen.press("Tab")
        screen.wait("── assistant ──")
        screen.wait("The simulator answers")

    assert statuses == [200, 429, 429]
    assert [call.error for call in office.calls()] == [None, "over_limit", "over_limit"]


def test_where_the_policy_is_wrong_mitmproxy_ends(office: Office) -> None:
    """And says why."""
    (office.home / "policy.yaml").write_text("version: 2\n")
    done = subprocess.run(
        words(office, "mitmdump", free_port()),
        env=variables(office), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "Tollway is not in its place, and lets nothing through" in done.stdout + done.stderr
    assert "policy.yaml:1:" in done.stdout + done.stderr


def test_mitmweb_shows_the_comment(office: Office) -> None:
    """By its interface, for who has the password."""
    port, shown = free_port(), free_port()
    more = ("--set", "web_password=word", "--set", "web_open_browser=false", "--web-port", f"{shown}")
    command = words(office, "mitmweb", port, *more)
    with subprocess.Popen(command, env=variables(office), text=True, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            while "Tollway runs inside" not in process.stdout.readline():
                assert process.poll() is None
            with client(office, port) as made:
                made.post(CLAUDE.url, json=CLAUDE.streamed().body)
            headers = {"authorization": "Bearer word"}
            (flow,) = httpx.get(f"http://127.0.0.1:{shown}/flows", headers=headers, timeout=120).json()
        finally:
            process.kill()

    assert flow["comment"].startswith("python-httpx · anthropic/claude-sonnet-4-5 · ")
