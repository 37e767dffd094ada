"""How many processors there are for us."""

import os
from pathlib import Path

import pytest

from tollway.workers.cores import available

HERE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@pytest.mark.parametrize(
    ("quota", "cores"),
    [
        ("50000 100000", 1),
        ("100000 100000", 1),
        ("1000 100000\n", 1),
        ("99900000 100000", HERE),
        ("max 100000", HERE),
        ("", HERE),
        ("1 0", HERE),
    ],
)
def test_a_containers_share_counts_rounded_up(tmp_path: Path, quota: str, cores: int) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(quota)

    assert available(file) == cores


def test_without_a_container_all_that_this_process_may_run_on_count(tmp_path: Path) -> None:
    assert available(tmp_path / "none") == HERE


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity") or HERE == 1, reason="it has but one")
def test_a_process_that_is_kept_to_one_has_one(tmp_path: Path) -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert available(tmp_path / "none") == 1
    finally:
        os.sched_setaffinity(0, before)
