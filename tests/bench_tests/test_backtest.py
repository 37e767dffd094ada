"""The policy that is tried on a month of calls, and the time that it takes."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.backtest import OTHERS, OURS, backtest, policy
from tests.bench.extent import QUICK
from tests.bench.policies import TEAM
from tests.bench.table import Results
from tollway.model import CallRecord
from tollway.policy.limits import Limits
from tollway.policy.load import load


def test_three_of_ten_limits_are_about_each_call() -> None:
    limits = Limits(load(policy(), "policy.yaml"))
    row = CallRecord(id="c", state="done", started_us=0, team=TEAM, user="ann", model="gpt-4o")

    assert len(limits.met(row).limits) == len(OURS) == 3
    assert len(list(limits)) == len(OURS) + OTHERS == 10


@pytest.mark.slow
def test_a_small_month_is_replayed(tmp_path: Path) -> None:
    results = Results()

    backtest(results, replace(QUICK, history=300), tmp_path)

    ((bar, figure),) = results.bars
    assert "a million calls, 10 limits" in bar.what
    assert figure.median > 0
