"""Others' modules are imported untraced, ours are not, and tracing goes on behind them."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.tollway.measured import OTHERS

TRACED = """
import runpy, sys
runpy.run_path({measured!r})["leave_out_others"]()
files = set()

def trace(frame, event, arg):
    files.add(frame.f_code.co_filename)
    return trace

sys.settrace(trace)
import first
sys.settrace(None)
print(*files, sep="\\n")
"""
"""Says which files were traced, one a line."""
FIRST = """
try:
    import {module}
except ImportError:
    pass
import second
"""


def traced(folder: Path, module: str) -> set[str]:
    """The files that are traced where a module of ours imports one of others, and then another of ours."""
    (folder / "first.py").write_text(FIRST.format(module=module))
    (folder / "second.py").touch()
    program = folder / "program.py"
    program.write_text(TRACED.format(measured=str(Path(__file__).with_name("measured.py"))))
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n"))


def test_a_module_of_others_is_not_traced_and_ours_behind_it_is(tmp_path: Path) -> None:
    found = traced(tmp_path, "colorsys")

    assert {str(tmp_path / "first.py"), str(tmp_path / "second.py")} <= found
    assert f"{sysconfig.get_path('stdlib')}/colorsys.py" not in found


def test_one_that_fails_does_not_end_the_tracing(tmp_path: Path) -> None:
    """This one is for Windows alone."""
    assert str(tmp_path / "second.py") in traced(tmp_path, "asyncio.windows_utils")


@pytest.mark.parametrize("name", ["pytest", "json"])
def test_what_is_installed_and_the_library_are_others(name: str) -> None:
    assert str(sys.modules[name].__file__).startswith(OTHERS)


def test_we_are_not() -> None:
    import tollway

    assert not __file__.startswith(OTHERS)
    assert not str(tollway.__file__).startswith(OTHERS)
