"""The view in a real terminal while people call through a real proxy: what it says of each of their calls."""

import http.client
import json
import re
import ssl
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import terminal
from tests.tollway.calls import CHAT, CLAUDE, MISTRAL, Call
from tests.tollway.cli.test_serve import serving
from tests.tollway.command import Office
from tests.tollway.office import authority, office, providers

__all__ = ["authority", "office", "providers"]
pytestmark = pytest.mark.slow

POLICY = """
version: 1
identity:
  - networks: {127.0.0.11/32: {user: ann}, 127.0.0.12/32: {user: bob}}
limits:
  - {name: company, amount: 0.4 USD, window: rolling 24h, then: [block], alerts: [1%]}
  - {name: tight, match: {model: "claude-sonnet-4-5"}, amount: 0.06 USD, window: rolling 24h, then: [clamp]}
  - {name: queue, match: {model: gpt-4o}, amount: 0.03 USD, window: rolling 24h, then: [wait 1s, block]}
  - {name: never, match: {model: "mistral-*"}, amount: 0 USD, window: rolling 24h, then: [block]}
always: [{match: {user: bob, model: "claude-opus-*"}, route: economy}]
routes: {economy: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
LONG = [{"role": "user", "content": "def f(x):\n    return x + 1\n" * 120}]
SONNET = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "max_tokens": 4_000, "messages": LONG}).streamed()
OPUS = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})
TOLD = Call(MISTRAL.host, MISTRAL.path, {**MISTRAL.body, "max_tokens": 10})
ASK = Call(CHAT.host, CHAT.path, {**CHAT.body, "max_tokens": 1_000})
USED = {"input_tokens": 900, "cache_read_tokens": 800, "output_tokens": 300}
"""Of sonnet: 100 * 3,000 + 800 * 300 + 300 * 15,000 = 5,040,000 nano-dollars."""


class People:
    """Who call through a proxy, each from an address of their own."""

    def __init__(self, office: Office, port: int) -> None:
        self._trust = ssl.create_default_context(cafile=office.home / "ca" / "tollway-ca.pem")
        self._port = port
        self._threads = ThreadPoolExecutor(4)

    def call(self, who: str, call: Call, **scenario: Any) -> "Future[int]":
        """Have one of them make a call; its status."""
        return self._threads.submit(
            self._call, {"ann": "127.0.0.11", "bob": "127.0.0.12"}[who], call, scenario
        )

    def _call(self, address: str, call: Call, scenario: dict[str, Any]) -> int:
        headers = {"x-sim": json.dumps(scenario), "user-agent": "claude-cli/2.1.197 (external, cli)"}
        client = http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=120, context=self._trust, source_address=(address, 0)
        )
        with closing(client):
            client.set_tunnel(call.host, 443)
            client.request("POST", call.path, call.content, {**headers, "content-type": "application/json"})
            with client.getresponse() as answer:
                answer.read()
                return answer.status

    def leave(self) -> None:
        """All have their answers."""
        self._threads.shutdown()


@pytest.fixture
def people(office: Office, tmp_path: Path) -> Iterator[People]:
    """A proxy of this policy, and those who call through it."""
    (tmp_path / "policy.yaml").write_text(POLICY)
    with serving(office, "--policy", str(tmp_path / "policy.yaml")) as server:
        people = People(office, server.port)
        yield people
    people.leave()


HEADING = "time who program model in cached out cost first took status done"
CALLS = (
    r"ann claude-cli claude-sonnet-4-5 900 800 300 \$0\.0050 \S+s \S+s 200 clamp \d+",
    r"bob claude-cli claude-opus-4-8 → claude-haiku-4-5 20 - 12 \$0\.000080 \S+s \S+s 200 route economy",
    r"bob claude-cli mistral-large-latest - - - \$0 - \S+s over_limit block by never",
    r"bob claude-cli gpt-4o - - - \$0 - 1\S*s over_limit wait, block by queue",
    r"ann claude-cli gpt-4o - - - ~\$0\.\d+ - \S+s \.\.\. -",
)
"""As a wide terminal shows them, each behind its time."""
SHORT = (
    r"ann claude-sonnet-4-5 (\S+ ){2,3}\$0\.0050 \S+s 200 C",
    r"bob → claude-haiku-4-5 (\S+ ){2,3}\$0\.000080 \S+s 200 R",
    r"bob mistral-large-latest (- ){2,3}\$0 \S+s over_limit X",
    r"bob gpt-4o (- ){2,3}\$0 \S+s over_limit WX",
    r"ann gpt-4o (- ){2,3}~\$0\.\d+ \S+s \.\.\. -",
)
"""As one of 80x24 does."""
BUDGET = r"company █+▒+░+ \d+% \$0\.3\d+ \$0\.4000 \$0\.0051 \$0\.0260 \$0\.\d+ \d+[hm]\d\d[ms] rolling "
"""Used, left, the amount, settled, held, an hour, how long it lasts; what is spent stands beside."""


def said(lines: list[str]) -> str:
    """All of a screen, with one blank for many."""
    return "\n".join(" ".join(line.split()) for line in lines)


def shows(lines: list[str], patterns: Sequence[str]) -> bool:
    """Whether all of these are on a screen, each behind its time: a terminal may show half a picture."""
    return all(re.search(rf"(?m)^\d\d:\d\d:\d\d {pattern}$", said(lines)) for pattern in patterns)


def took(lines: list[str]) -> str:
    """How long the call in flight takes so far."""
    (found,) = re.findall(r" (\S+) \.\.\.", said(lines))
    return str(found)


def test_each_call_says_who_made_it_what_it_came_to_and_what_was_done_to_it(
    office: Office, people: People
) -> None:
    """Clamped, routed, refused, waited, in flight, where the time counts up; budgets and alerts besides."""
    assert office.sim is not None
    words = [sys.executable, "-m", "tollway", "top", "--span=hour"]
    with terminal(words, {**office.variables, "PYTHONPATH": "addons"}, 160, 44) as screen:
        screen.wait("No calls yet")
        ended = [("ann", SONNET, {"usage": USED}), ("bob", OPUS, {}), ("bob", TOLD, {})]
        assert [people.call(who, call, **how).result() for who, call, how in ended] == [200, 200, 429]
        flying = people.call("ann", ASK, gate="later")
        screen.wait("4 calls  1 in flight")
        assert people.call("bob", ASK).result() == 429
        before = took(screen.wait("5 calls  1 in flight"))
        wide = said(screen.wait(lambda lines: shows(lines, CALLS) and took(lines) != before))
        screen.resize(80, 24)
        screen.wait(lambda lines: len(lines) == 24 and shows(lines, SHORT))
        office.sim.open("later")
        assert flying.result() == 200
        screen.wait("5 calls  0 in flight")

    assert HEADING in wide.splitlines()
    (company,) = [line for line in wide.splitlines() if line.startswith("company ")]
    assert re.match(BUDGET, company), company
    for alert in ("queue has refused a call", "never has refused a call", "company has reached 1%"):
        assert re.search(rf"(?m)^\d\d:\d\d:\d\d {alert}$", wide), (alert, wide)
    assert re.search(r"claude-sonnet-4-5 \$0\.0050 1 .*█", wide), wide
    assert sum(call.cost.nano for call in office.calls() if call.model == "claude-sonnet-4-5") == 5_040_000
