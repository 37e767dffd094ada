"""What `scripts/test --fast` leaves out."""

from pathlib import Path

import pytest

from tests.fast import ROOT, file_of, is_slow

TESTS = ROOT / "tests"


@pytest.mark.parametrize(
    ("file", "slow"),
    [
        ("tollway/test_actions.py", False),
        ("tollway/policy/test_load.py", False),
        ("tollway/hooks/test_budget.py", True),
        ("tollway/engine/test_http1.py", True),
        ("tollway/ledger/fleet/test_desk.py", True),
        ("corpus/test_exchanges.py", True),
        ("scripts/test_fresh_install.py", True),
    ],
)
def test_tests_of_functions_stay_and_those_of_sockets_processes_and_recordings_do_not(
    file: str, slow: bool
) -> None:
    assert is_slow(TESTS / file) is slow


@pytest.mark.parametrize(
    "text",
    [
        "import socket",
        "import json, asyncio",
        "def later():\n    import subprocess",
        "from tests import simulator",
        "from tests.simulator.process import (\n    Running,\n)",
        "from tests.tollway.road import roads",
    ],
)
def test_whichever_way_a_file_comes_to_them(text: str, tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(text)

    assert is_slow(file)


def test_a_name_that_begins_alike_is_another(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text("import socketserver\nfrom tests.fast import is_slow\nfrom tollway.sockets import socket")

    assert not is_slow(file)
    assert file_of("tests.fast") == ROOT / "tests" / "fast.py"
    assert file_of("tests.nothing") is None
