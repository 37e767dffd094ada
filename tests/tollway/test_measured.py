"""Modules are imported untraced where that loses nothing, and tracing goes on behind them."""

import inspect
import os
import pkgutil
import subprocess
import sys
import sysconfig
from importlib import import_module
from pathlib import Path

import coverage
import pytest

import tollway
from tests.tollway.measured import OTHERS
from tollway.cli import ca_facts
from tollway.providers import load

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
    assert not __file__.startswith(OTHERS)
    assert not str(tollway.__file__).startswith(OTHERS)


def test_every_module_is_imported_where_it_is_measured() -> None:
    """By this test, if by no other: a command's own process imports them unmeasured."""
    names = {found.name for found in pkgutil.walk_packages(tollway.__path__, "tollway.")}
    for name in names - {"tollway.__main__"}:
        import_module(name)

    assert {"tollway.cli.serve", "tollway.engine.tls", "tollway.money"} <= names & {*sys.modules}


def test_a_command_is_measured_but_for_its_imports(tmp_path: Path) -> None:
    """In the line behind an import in a function, too. (The tests' own process imports it as well.)"""
    root, file = Path(__file__).parents[2], tmp_path / "data"
    config = coverage.Coverage(str(file), config_file=str(root / "pyproject.toml")).config.serialize()
    measured = {"COVERAGE_PROCESS_CONFIG": config, "TOLLWAY_HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("measured.py")), "ca", "init"],
        check=True, capture_output=True, cwd=root, env=os.environ | measured,
    )  # fmt: skip
    (found,) = tmp_path.glob("data.*")
    data = coverage.CoverageData(str(found))
    data.read()
    lines, start = inspect.getsourcelines(ca_facts.provider_hosts)
    behind = start + next(number for number, line in enumerate(lines) if "yield from" in line)

    traced = data.lines(ca_facts.__file__) or ()
    assert behind in traced
    assert start not in traced
    assert data.lines(str(load.__file__))
