"""Coding agents with a key of Tollway's where a provider's would stand: they never see the company's."""

import os
from dataclasses import replace

import pytest

from tests.clients.agents import AGENTS, USAGE, Agent
from tests.clients.played import TEXT
from tests.clients.served import Served, serving
from tests.tollway.command import Office
from tests.tollway.issuers.provider import providing

pytestmark = pytest.mark.slow  # each starts a proxy

POLICY = """
version: 1
identity: [{virtual_keys: true}]
credentials:
  anthropic: {inject: env:COMPANY_KEY}
  openai: {inject: env:COMPANY_KEY}
  gemini: {inject: env:COMPANY_KEY}
limits: [{name: team-day, per: team, amount: 100 USD, window: day}]
"""
COMPANY = "made-up-" + "company" * 4


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.words[0])
def test_an_agent_works_with_a_key_of_tollways(office: Office, agent: Agent) -> None:
    """What it costs is its user's; once the key is taken back, it says so."""
    if not os.access(agent.program, os.X_OK):
        pytest.skip(f"NO {agent.name.upper()}: scripts/clients installs it; not tested")
    office = replace(office, environment={**office.environment, "COMPANY_KEY": COMPANY})
    made = office.run("key", "create", "--user", "ann@example.com", "--team", "search")
    key, home = made.stdout.strip(), office.home / "home"
    home.mkdir()
    own = {"HOME": str(home), "TERM": "dumb", **dict.fromkeys(agent.key, key)}
    with providing() as provider, serving(office, POLICY) as port:
        assert office.sim is not None
        office.sim.default(usage=USAGE, events=20)
        proxy = Served(office, provider, port)
        done = proxy.run([str(agent.program), *agent.words[1:]], proxy.url(), own, home)
        seen = office.sim.seen()
        office.run("key", "revoke", made.stderr.split()[3].rstrip(","))
        again = proxy.run([str(agent.program), *agent.words[1:]], proxy.url(), own, home)

    assert TEXT in done.stdout, done.stderr
    rows = office.calls()
    assert {(row.user, row.team, row.identity, row.status) for row in rows} == {
        ("ann@example.com", "search", "virtual_keys", 200)
    }
    shown = " ".join(str(one["headers"]) for one in seen)
    assert COMPANY in shown
    assert key not in shown
    assert TEXT not in again.stdout
    assert "Tollway did not accept" in again.stdout + again.stderr
