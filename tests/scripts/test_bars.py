"""Each file has its coverage bar."""

from typing import Any

from scripts.bars import bar, below, core_modules

CORE = frozenset({"wire", "model"})


def measured(percent: float, lines: list[int], branches: list[list[int]]) -> dict[str, Any]:
    """A file of coverage's JSON report."""
    return {
        "summary": {"percent_covered": percent},
        "missing_lines": lines,
        "missing_branches": branches,
    }


def test_core_must_be_reached_whole_and_the_shell_by_nine_tenths() -> None:
    """A package of the core, a module of the core, and all else."""
    assert bar("addons/tollway/wire/sse.py", CORE) == 100
    assert bar("addons/tollway/model.py", CORE) == 100
    assert bar("addons/tollway/engine/wire.py", CORE) == 90
    assert bar("addons/tollway/master.py", CORE) == 90


def test_files_below_their_bar_are_named_with_what_is_missing() -> None:
    """Lines and branches, so that one can go there."""
    report = {
        "files": {
            "addons/tollway/wire/sse.py": measured(99.4, [7], [[8, 10]]),
            "addons/tollway/wire/edit.py": measured(100.0, [], []),
            "addons/tollway/master.py": measured(90.0, [1, 2], []),
            "addons/tollway/proxy.py": measured(89.9, [3], [[4, -1]]),
            "addons/tollway/wire/new.py": measured(0.0, list(range(1, 16)), []),
        }
    }

    assert below(report, CORE) == [
        "addons/tollway/proxy.py: 89.9 % < 90 %: 3, 4->-1",
        "addons/tollway/wire/new.py: 0.0 % < 100 %: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3 more",
        "addons/tollway/wire/sse.py: 99.4 % < 100 %: 7, 8->10",
    ]


def test_core_is_named_in_one_place() -> None:
    """pyproject.toml has the list."""
    assert {"wire", "providers", "policy", "prices"} <= core_modules()
