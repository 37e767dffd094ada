"""The part of a run in which targets fail, small."""

import gc
import random
from pathlib import Path

import pytest

from tests.chaos.__main__ import KEPT
from tests.chaos.failover import failover
from tests.chaos.parts import Run
from tests.simulator.process import running

UNCLOSED = "Exception ignored in. <(function _SelectorTransport|socket)"
LEFT_OPEN = f"ignore:{UNCLOSED}:pytest.PytestUnraisableExceptionWarning"
"""httpcore leaves the socket of who is cancelled while it connects to whoever collects it."""


@pytest.mark.slow
@pytest.mark.filterwarnings(LEFT_OPEN)
def test_each_client_gets_one_answer_or_one_error_and_the_ledger_knows_of_every_attempt(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """While targets fail, clients leave, and a limit is hard."""
    chance = random.Random(request.config.getoption("randomly_seed", 0))
    (tmp_path / "simulator").mkdir()
    with running(tmp_path / "simulator", KEPT) as sim:
        found = failover(Run(tmp_path, sim, chance, limits=True, calls=120, kills=0))
    gc.collect()

    assert found.good, found.said()
    assert found.whole
    assert found.at_once > 1
