"""Codex, unchanged, on the WebSocket that it asks for first: each of its turns is a call, metered and held.

CI does not install it; scripts/clients does.
"""

import os
from pathlib import Path

import pytest

from tests.agents.recording import SCRIPTS
from tests.agents.turns import NOTES, codex_turn
from tests.clients.agents import AGENTS, USAGE, go, run
from tests.clients.played import TEXT
from tests.simulator.process import Running
from tollway.model import Billing, Source

(CODEX,) = (agent for agent in AGENTS if agent.socket)
TURNS = 10
DAY = "version: 1\nlimits: [{name: day, amount: 20 USD, window: day}]\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.access(CODEX.program, os.X_OK), reason="no Codex here: scripts/clients installs it"
    ),
]


@pytest.mark.parametrize("plan", [False, True], ids=["key", "plan"])
def test_a_turn_is_answered_and_metered(tmp_path: Path, providers: Running, plan: bool) -> None:
    """It first has what follows prepared, which costs nothing."""
    outing = go(CODEX, plan, tmp_path, providers, websocket=101)

    assert outing.status == 0, outing.complained
    assert TEXT in outing.said
    prepared, turn = outing.calls
    assert (prepared.cost.nano, prepared.status, prepared.error) == (0, 101, None)
    assert (turn.usage.input_tokens, turn.usage.output_tokens) == (
        USAGE["input_tokens"],
        USAGE["output_tokens"],
    )
    assert (turn.status, turn.cost.source) == (101, Source.COMPUTED)
    assert {call.billing for call in outing.calls} == {Billing.NOTIONAL if plan else Billing.METERED}
    (socket,) = outing.sockets()
    assert (socket["types"], socket["deflates"]) == (["response.create"] * 2, True)
    assert outing.fallback() is None


def test_turns_that_send_only_what_is_new_fit_under_a_hard_limit(tmp_path: Path, providers: Running) -> None:
    """Each points at the answer before: what that reported bounds it, and not the model's context window."""
    work = tmp_path / "home" / "work"
    work.mkdir(parents=True)
    (work / NOTES).write_text("One line of the notes.\n" * 40)
    policy = tmp_path / "policy.yaml"
    policy.write_text(DAY)
    uses = SCRIPTS["codex"].uses(work)
    turns = [{"body": codex_turn(uses[i % len(uses)]).decode("latin-1")} for i in range(TURNS - 1)]
    providers.reset()
    providers.default(websocket=101, usage=USAGE, socket={"calls": [{}, *turns]})

    outing = run(CODEX, False, tmp_path, providers, options=("--policy", str(policy)))

    assert outing.status == 0, outing.complained
    assert len(outing.calls) == 1 + TURNS
    assert {call.error for call in outing.calls} == {None}
    (_, first, *others) = (call.bound.input_tokens for call in outing.calls if call.bound is not None)
    assert all(bound < first for bound in others)
