"""Coding agents keep working while their limit is hit, or their provider is down: they go down a route."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.agents.turns import SIGNED, claude_turn
from tests.clients.agents import AGENTS, USAGE, Agent, Outing, installed, run
from tests.clients.played import KEYS, TEXT
from tests.simulator.process import Running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not installed(), reason="no coding agents here: scripts/clients installs them"),
]

POLICY = """
version: 1
limits:
  - {name: claude, amount: AMOUNT, window: day, match: {provider: anthropic}, then: [route: economy, block]}
routes:
  economy: [{from: "claude-*", to: openai/gpt-5-mini}]
credentials: {openai: {inject: env:OPERATORS_KEY}}
"""
OPERATORS = {"OPERATORS_KEY": KEYS["OPENAI_API_KEY"]}
NOTES = "all that is written here is made up"
CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"


def chunk(delta: Mapping[str, Any], finish: str | None = None) -> str:
    """One of a Chat stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'id': 'c', 'model': 'gpt-5-mini', 'choices': [choice]})}\n\n"


def reading(path: Path) -> str:
    """A thought, a text, and the call of a tool: Claude Code's own, cut in two."""
    arguments = json.dumps({"file_path": str(path)})
    call = {"index": 0, "id": "call_1", "type": "function"}
    usage = {"prompt_tokens": 20_000, "completion_tokens": 150, "total_tokens": 20_150}
    return "".join([
        chunk({"role": "assistant", "content": ""}),
        chunk({"reasoning_content": "The notes have to be read first."}),
        chunk({"content": "I read the notes."}),
        chunk({"tool_calls": [{**call, "function": {"name": "Read", "arguments": arguments[:9]}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": arguments[9:]}}]}),
        chunk({}, "tool_calls"),
        f"data: {json.dumps({'id': 'c', 'model': 'gpt-5-mini', 'choices': [], 'usage': usage})}\n\n",
        "data: [DONE]\n\n",
    ])  # fmt: skip


def limited(folder: Path, sim: Running, amount: str) -> Outing:
    """One run under the policy, in which the model reads a file, whoever it is."""
    (claude,) = (agent for agent in AGENTS if agent.words[0] == "claude")
    policy, notes = folder / "policy.yaml", folder / "home" / "work" / "notes.txt"
    policy.write_text(POLICY.replace("AMOUNT", amount))
    notes.parent.mkdir(parents=True)
    notes.write_text(NOTES)
    sim.reset()
    sim.default(usage=USAGE, events=20)
    sim.on("api.openai.com", CHAT, times=1, body=reading(notes))
    sim.on("api.anthropic.com", MESSAGES, body=claude_turn([("Read", {"file_path": str(notes)})]).decode())
    return run(claude, False, folder, sim, ("--policy", str(policy)), OPERATORS)


def test_claude_code_works_on_through_translation(tmp_path: Path, providers: Running) -> None:
    """Its limit has no room at all: the model thinks, uses a tool, hears of it, and answers."""
    outing = limited(tmp_path, providers, "0 requests")
    asked = [one["json"] for one in outing.seen if one["path"] == CHAT]

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    assert {(call.provider, call.status, call.error) for call in outing.calls} == {("openai", 200, None)}
    assert {call.action for call in outing.calls} == {"route economy"}
    assert {call.model for call in outing.calls} == {"gpt-5-mini"}
    assert len({call.session for call in outing.calls}) == 1
    (heard,) = (message for one in asked for message in one["messages"] if message["role"] == "tool")
    assert NOTES in heard["content"]
    assert heard["tool_call_id"] == "call_1"
    assert not [one for one in outing.seen if one["dialect"] == "anthropic_messages"]


def test_claude_code_does_not_notice_when_its_limit_is_hit(tmp_path: Path, providers: Running) -> None:
    """Between a call of a tool and its result: what Claude thought stays behind, and all else goes on."""
    outing = limited(tmp_path, providers, "1 requests")
    first, second, *_ = (one for one in outing.seen if one["path"] in (CHAT, MESSAGES))
    said = {message["role"]: message for message in second["json"]["messages"]}

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    assert [call.provider for call in outing.calls] == ["anthropic", "openai", "openai"]
    assert {call.status for call in outing.calls} == {200}
    assert (first["path"], second["path"]) == (MESSAGES, CHAT)
    assert said["assistant"]["tool_calls"][0]["function"]["name"] == "Read"
    assert NOTES in said["tool"]["content"]
    assert SIGNED not in json.dumps(second["json"])


WITHIN = """
version: 1
limits:
  - {name: d, amount: 0 requests, window: day, match: {model: {not: "*CHEAP"}}, then: [route: economy, block]}
routes:
  economy: [{from: "*", to: PROVIDER/CHEAP}]
"""
CHEAP = {"anthropic": "claude-haiku-4-5", "openai": "gpt-5-mini"}


@pytest.mark.parametrize("agent", AGENTS[:2], ids=lambda agent: agent.words[0])
def test_an_agent_works_on_at_a_cheaper_model_of_its_provider(
    tmp_path: Path, providers: Running, agent: Agent
) -> None:
    """In its own dialect: Claude Code in Messages, Codex in Responses."""
    cheap = CHEAP[agent.provider]
    policy = tmp_path / "policy.yaml"
    policy.write_text(WITHIN.replace("PROVIDER", agent.provider).replace("CHEAP", cheap))
    providers.reset()
    providers.default(usage=USAGE, events=20)

    outing = run(agent, False, tmp_path, providers, ("--policy", str(policy)))

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    assert {(call.provider, call.model, call.status) for call in outing.calls} == {
        (agent.provider, cheap, 200)
    }
    moved = [call for call in outing.calls if call.model_asked != cheap]
    assert moved
    assert all((call.action or "").startswith("route economy") for call in moved)


DOWN = """
version: 1
routes:
  resilient: [{from: "claude-*", to: [same, openai/gpt-5-mini], on: [5xx, connect]}]
always: [{match: {provider: anthropic}, route: resilient}]
credentials: {openai: {inject: env:OPERATORS_KEY}}
"""


def test_claude_code_does_not_notice_that_its_provider_is_down(tmp_path: Path, providers: Running) -> None:
    (claude,) = (agent for agent in AGENTS if agent.words[0] == "claude")
    policy = tmp_path / "policy.yaml"
    policy.write_text(DOWN)
    providers.reset()
    providers.default(usage=USAGE, events=20)
    providers.on("api.anthropic.com", MESSAGES, status=529)

    outing = run(claude, False, tmp_path, providers, ("--policy", str(policy)), OPERATORS)

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    served = [(call.provider, call.status) for call in outing.calls]
    assert served.count(("openai", 200)) == len(served) - served.count(("anthropic", 529)) > 0
