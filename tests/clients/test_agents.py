"""Claude Code, Codex and Gemini CLI through `tollway run`, unchanged, with a key and with a plan's log-in.

They are large, so CI does not install them; scripts/clients does, and prints what this asserts.
"""

from pathlib import Path

import pytest

from tests.clients.__main__ import described
from tests.clients.agents import AGENTS, USAGE, Agent, go, installed
from tests.clients.played import KEYS, TEXT
from tests.simulator.process import Running
from tollway.model import Billing, Source

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not installed(), reason="no coding agents here: scripts/clients installs them"),
]


@pytest.mark.parametrize("plan", [False, True], ids=["key", "plan"])
@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.words[0])
def test_an_agents_turn_is_answered_and_metered(
    tmp_path: Path, providers: Running, agent: Agent, plan: bool
) -> None:
    """What it asks beside that passes; a plan's calls are notional."""
    outing = go(agent, plan, tmp_path, providers)

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    assert {call.provider for call in outing.calls} == {agent.plan_provider if plan else agent.provider}
    for call in outing.calls:
        assert (call.status, call.state, call.error) == (200, "done", None)
        assert (call.usage.input_tokens, call.usage.cache_read_tokens) == (
            USAGE["input_tokens"],
            USAGE["cache_read_tokens"],
        )
        assert call.cost.source is Source.COMPUTED
        assert call.billing is (Billing.NOTIONAL if plan else Billing.METERED)
    assert outing.line.startswith("tollway: $0 for " if plan else "tollway: $0.0")
    assert any(outing.line in line for line in described(agent, plan, outing))


@pytest.mark.parametrize("plan", [False, True], ids=["key", "plan"])
def test_codex_goes_on_over_https_at_once(tmp_path: Path, providers: Running, plan: bool) -> None:
    """It asks for a WebSocket first; answered otherwise than by 426 it tries for ten seconds."""
    (codex,) = (agent for agent in AGENTS if agent.words[0] == "codex")
    outing = go(codex, plan, tmp_path, providers)

    seconds = outing.fallback()
    assert seconds is not None
    assert seconds < 2
    (call,) = outing.calls
    assert outing.coding(call) == ("zstd" if plan else "")


def test_no_key_is_kept(tmp_path: Path, providers: Running) -> None:
    """Of a real program's first turn, either."""
    (claude,) = (agent for agent in AGENTS if agent.words[0] == "claude")
    go(claude, False, tmp_path, providers)

    kept = b"".join(path.read_bytes() for path in (tmp_path / "tollway").rglob("*") if path.is_file())
    assert KEYS["ANTHROPIC_API_KEY"].encode() not in kept
    assert b"say hi" not in kept
