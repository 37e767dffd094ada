"""The benchmark of identity, tiny: all that it promises is measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.extent import QUICK
from tests.bench.identity import identity, spread
from tests.bench.misbehaving import WAYS
from tests.bench.subjects import Place, simulator
from tests.bench.table import Results


@pytest.mark.slow
def test_what_tokens_cost_and_what_a_bad_provider_does_to_others_is_measured(tmp_path: Path) -> None:
    results = Results()
    with simulator(tmp_path / "simulator") as providers:
        extent = replace(QUICK, rounds=1, tokens=5, identity_seconds=0.3)
        identity(results, extent, Place(tmp_path, providers))

    assert [bar.unit for bar, _ in results.bars] == [" µs"] * 3 + [" ms"] * 2
    assert all(0 < figure.low <= figure.high for _, figure in results.bars[:-1])
    assert all(f" {way}" in results.bars[3][0].what for way in list(WAYS)[1:])
    assert all(f" {way} " in results.notes[-1] for way in WAYS)


def test_of_many_calls_three_are_told() -> None:
    assert spread([number / 1000 for number in range(1000, 0, -1)]) == (501.0, 991.0, 1000.0)
