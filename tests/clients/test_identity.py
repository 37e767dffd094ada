"""Real clients show who calls, with no line of theirs changed: the ledger has a name, and limits hold by it.

The programs get what `tollway env --proxy http://jwt:TOKEN@HOST:PORT` prints; the row of one that needs more
says what.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.clients.agents import AGENTS, USAGE, Agent
from tests.clients.played import KEYS, TEXT
from tests.clients.served import REFUSED, Served, python, served
from tests.clients.test_node_sdks import INSTALLED, OWN, PROGRAMS, reads_variables, version
from tests.tollway.command import Office
from tests.tollway.issuers.provider import providing

pytestmark = pytest.mark.slow  # each starts a proxy

JAVA = Path(__file__).with_name("programs") / "OneCall.java"
CHAT = '{"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}'
CURL = (
    "curl", "-sS", "-H", "content-type: application/json", "-d", CHAT,
    "https://api.openai.com/v1/chat/completions",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Client:
    """A way to make one call."""

    words: Callable[[str], list[str]]
    """Of a token."""
    in_url: bool = True
    """The token stands in the proxy's address."""
    own: Callable[[str], Mapping[str, str]] = lambda token: {}
    """Variables of its own, of a token."""
    tells: str = "407"
    """Of a token that is not taken."""
    missing: Callable[[], str] = lambda: ""
    """Why it can't be tried here; "" if it can."""


def tool(name: str) -> Callable[[], str]:
    return lambda: "" if shutil.which(name) else f"NO {name.upper()}: it is not on PATH, and not tested"


def package(name: str) -> Callable[[], str]:
    return lambda: "" if find_spec(name) else f"NO {name.upper()}: it is not installed, and not tested"


def with_python(name: str, tells: str = "407") -> Client:
    return Client(words=lambda token: python(name), missing=package(name), tells=tells)


def new_node() -> str:
    """One that reads the proxy's variables; "" if there is none."""
    found = (candidate for candidate in (shutil.which("node"), str(OWN)) if candidate)
    return next((node for node in found if reads_variables(version(node))), "")


def with_node(name: str) -> Client:
    return Client(
        words=lambda token: [new_node(), "one_call.mjs", name],
        missing=lambda: "" if new_node() else "NO NODE 24.5 or later: scripts/node has one; not tested",
    )


def with_old_node(name: str) -> Client:
    return Client(
        words=lambda token: [str(shutil.which("node")), "--import=./use_proxy.mjs", "one_call.mjs", name],
        missing=lambda: (
            "" if shutil.which("node") and INSTALLED.is_dir() else "NO NODE, or scripts/node has not run"
        ),
    )


HIDES = "Connection error"
"""What SDKs say whatever keeps them from a connection; the cause is in the exception's chain."""

CLIENTS = {
    "curl": Client(words=lambda token: [*CURL], missing=tool("curl")),
    "curl, Bearer": Client(
        words=lambda token: [*CURL, "--proxy-header", f"Proxy-Authorization: Bearer {token}"],
        in_url=False,
        missing=tool("curl"),
    ),
    **{name: with_python(name) for name in ("urllib", "requests", "httpx", "aiohttp")},
    **{name: with_python(name, HIDES) for name in ("openai", "anthropic")},
    **{f"Node: {name}": with_node(name) for name in ("fetch", "https", "openai")},
    **{f"older Node: {name}": with_old_node(name) for name in ("fetch", "openai")},
    "Java": Client(
        words=lambda token: ["java", "-Djdk.http.auth.tunneling.disabledSchemes=", str(JAVA)],
        in_url=False,
        own=lambda token: {"PROXY_TOKEN": token},
        tells="too many authentication attempts",
        missing=tool("java"),
    ),
}


@pytest.fixture
def proxy(office: Office) -> Iterator[Served]:
    """One that knows callers by tokens."""
    with providing() as provider, served(office, provider) as found:
        for program in PROGRAMS.glob("*.mjs"):
            shutil.copy(program, office.home)
        (office.home / "node_modules").symlink_to(INSTALLED)
        yield found


def said(proxy: Served, client: Client, token: str) -> str:
    """What a person sees of one call."""
    url = proxy.url(token if client.in_url else "")
    done = proxy.run(client.words(token), url, client.own(token))
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_known_by_its_token(proxy: Served, name: str) -> None:
    """The row has user, team and role, and limits know it by them: an intern is told what stops her.

    With a token that is not taken there is no call.
    """
    client = CLIENTS[name]
    if why := client.missing():
        pytest.skip(why)

    senior, intern = proxy.token(), proxy.token(role="intern")
    assert TEXT in said(proxy, client, senior)
    refused = said(proxy, client, intern)
    closed = said(proxy, client, proxy.token(aud="other"))

    assert REFUSED in refused, refused
    assert client.tells in closed, closed
    rows = [(row.user, row.team, row.role, row.identity, row.verified) for row in proxy.office.calls()]
    assert rows == [("ann@example.com", "search", role, "proxy_jwt", True) for role in ("senior", "intern")]
    assert [row.limits for row in proxy.office.calls()] == [("team-day",), ("team-day", REFUSED)]
    assert [row.status for row in proxy.office.calls()] == [200, None]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.words[0])
@pytest.mark.parametrize("role", ["senior", "intern"])
def test_a_coding_agent_is_known_by_its_token(proxy: Served, agent: Agent, role: str) -> None:
    """Its answer, or the limit's message, is shown in its terminal."""
    if not os.access(agent.program, os.X_OK):
        pytest.skip(f"NO {agent.name.upper()}: scripts/clients installs it; not tested")
    assert proxy.office.sim is not None
    proxy.office.sim.default(usage=USAGE, events=20)
    home = proxy.office.home / agent.words[0]
    home.mkdir()
    own = {"HOME": str(home), "TERM": "dumb", "CODEX_API_KEY": KEYS["OPENAI_API_KEY"]}

    done = proxy.run([str(agent.program), *agent.words[1:]], proxy.url(proxy.token(role)), own, home)

    rows = proxy.office.calls()
    assert {(row.user, row.team, row.role) for row in rows} == {("ann@example.com", "search", role)}
    assert {row.provider for row in rows} == {agent.provider}
    if role == "senior":
        assert (done.returncode, {row.status for row in rows}) == (0, {200}), done.stderr
        assert TEXT in done.stdout
    else:
        assert done.returncode != 0
        assert REFUSED in done.stdout + done.stderr


def test_who_can_send_a_header_needs_no_credentials_of_a_proxy(office: Office) -> None:
    """Claude Code: ANTHROPIC_CUSTOM_HEADERS."""
    (claude,) = (agent for agent in AGENTS if agent.words[0] == "claude")
    if not os.access(claude.program, os.X_OK):
        pytest.skip("NO CLAUDE CODE: scripts/clients installs it; not tested")
    with providing() as provider, served(office, provider, header="X-Caller-Token") as proxy:
        assert office.sim is not None
        office.sim.default(usage=USAGE, events=20)
        own = {"ANTHROPIC_CUSTOM_HEADERS": f"X-Caller-Token: {proxy.token()}", "TERM": "dumb"}
        done = proxy.run([str(claude.program), *claude.words[1:]], proxy.url(), own)

    assert TEXT in done.stdout, done.stderr
    assert {(row.user, row.team, row.identity) for row in office.calls()} == {
        ("ann@example.com", "search", "header_jwt")
    }
    assert office.sim is not None
    assert not any(
        name.lower() == "x-caller-token" for one in office.sim.seen() for name, _ in one["headers"]
    )


def test_who_knows_no_proxy_is_given_another_address(office: Office) -> None:
    """Node before 22.21, whose `fetch` reads no variable: `--mode reverse:URL`, and the SDK's own variables.

    The token stands in the place of its key.
    """
    if why := with_old_node("openai").missing():
        pytest.skip(why)
    mode = "reverse:https://api.openai.com@127.0.0.1:0"
    with providing() as provider, served(office, provider, "authorization", mode) as proxy:
        for program in PROGRAMS.glob("*.mjs"):
            shutil.copy(program, office.home)
        (office.home / "node_modules").symlink_to(INSTALLED)
        said = []
        for role in ("senior", "intern"):
            own = {"OPENAI_BASE_URL": f"{proxy.url()}/v1", "OPENAI_API_KEY": proxy.token(role)}
            done = proxy.run([str(shutil.which("node")), "one_call.mjs", "openai"], proxy.url(), own)
            said.append(done.stdout)

    assert TEXT in said[0]
    assert REFUSED in said[1]
    assert {(row.user, row.identity) for row in office.calls()} == {("ann@example.com", "header_jwt")}
