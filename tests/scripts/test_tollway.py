"""scripts/tollway on machines that are not this one.

The real thing is installed once, in test_fresh_install.py.
"""

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.scripts.machine import Machine

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without any Python."""
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The .venv of a first start."""
    machine = Machine(tmp_path_factory.mktemp("made"))
    machine.has_python()
    assert machine.start().returncode == 0
    return machine.checkout / ".venv"


@pytest.fixture
def installed(machine: Machine, made: Path) -> Machine:
    """A machine with a Python, and a checkout that was started before."""
    machine.has_python()
    shutil.copytree(made, machine.checkout / ".venv", symlinks=True)
    return machine


def test_first_start_installs_and_the_second_only_starts(machine: Machine) -> None:
    """Standard output is the command's alone; the second start asks no Python and no pip."""
    machine.has_python()

    first = machine.start("report", "--by", "a b")
    assert (first.stdout, first.returncode) == (machine.answer("report", "--by", "a b"), 0)
    assert "installing" in first.stderr

    before = machine.starts()
    second = machine.start("env")
    assert (second.stdout, second.stderr, second.returncode) == (machine.answer("env"), "", 0)
    assert machine.starts() == before


def test_without_a_python_it_says_what_to_install(machine: Machine) -> None:
    """In one sentence; nothing is left behind."""
    done = machine.start("run")

    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr == (
        "tollway: found no Python 3.12, 3.13 or 3.14 that can make a venv: install one"
        " (Debian 13: apt install python3-venv; elsewhere: uv python install 3.13, or pyenv install 3.13).\n"
    )
    assert not (machine.checkout / ".venv").exists()


def test_pythons_that_do_not_do_are_passed_over(machine: Machine) -> None:
    """A shim that fails, one that prints and fails, one that prints nothing, one that lacks a module."""
    machine.script("python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    machine.script("python3.13", "echo /bin/sh; exit 1")
    machine.script("python3.14", "exit 0")
    machine.script("python3", f"exec '{machine.python}' -c 'import no_such_module'")
    assert machine.finds({}) == ""

    machine.has_python("python")
    assert machine.finds({}) == machine.python


def test_other_versions_are_passed_over(machine: Machine) -> None:
    """3.11 lacks what the code says; for 3.15 nothing is pinned."""
    for version in ("(3, 11, 9)", "(3, 15, 0)"):
        said = f"import sys; sys.version_info = {version}; exec(sys.argv[1])"
        machine.script("python3", f'shift 2; exec "{machine.python}" -c \'{said}\' "$1"')
        assert machine.finds({}) == ""

    said = "import sys; sys.version_info = (3, 14, 9); exec(sys.argv[1])"
    machine.script("python3", f'shift 2; exec "{machine.python}" -c \'{said}\' "$1"')
    assert machine.finds({}) == machine.python


@pytest.mark.parametrize(
    ("folder", "variable", "value"),
    [
        ("home/.pyenv/versions/3.12.9", "", ""),
        ("home/.local/share/uv/python/cpython-3.12.9-linux-x86_64-gnu", "", ""),
        ("opt/pyenv/versions/3.12.1", "PYENV_ROOT", "opt/pyenv"),
        ("opt/uv/cpython-3.13.1-macos", "UV_PYTHON_INSTALL_DIR", "opt/uv"),
        ("data/uv/python/cpython-3.12.1-linux", "XDG_DATA_HOME", "data"),
        ("pyenv of us/versions/3.14.0", "PATH", "pyenv of us/shims"),
    ],
)
def test_version_folders_of_pyenv_and_uv_count(
    machine: Machine, tmp_path: Path, folder: str, variable: str, value: str
) -> None:
    """Also where only a shim that fails is on the PATH."""
    machine.script("python3", "exit 127")
    (tmp_path / folder / "bin").mkdir(parents=True)
    (tmp_path / folder / "bin" / "python3").symlink_to(machine.python)
    variables = {variable: str(tmp_path / value)} if variable else {}
    if variable == "PATH":
        variables["PATH"] += f":{machine.path}"

    assert machine.finds(variables) == machine.python


def test_links_lead_to_the_checkout(installed: Machine, tmp_path: Path) -> None:
    """Absolute ones, relative ones, links to links; CDPATH misleads nobody."""
    (tmp_path / "absolute").symlink_to(installed.checkout / "scripts" / "tollway")
    (tmp_path / "home" / "relative").symlink_to("../absolute")

    done = installed.start("x", script=tmp_path / "home" / "relative", variables={"CDPATH": str(tmp_path)})

    assert (done.stdout, done.stderr) == (installed.answer("x"), "")


def test_the_callers_folder_and_variables_do_not_reach_the_imports(installed: Machine) -> None:
    """A `tollway` package or a PYTHONPATH of the caller's is not ours."""
    (installed.home / "tollway").mkdir()
    (installed.home / "tollway" / "__init__.py").write_text("raise SystemExit('the wrong one')")

    done = installed.start(variables={"PYTHONPATH": str(installed.home), "PYTHONHOME": "/nowhere"})

    assert (done.stdout, done.stderr) == (installed.answer(), "")


def test_starts_at_once_install_once(machine: Machine) -> None:
    """The others wait, and then only start."""
    machine.has_python()
    starts = [machine.begin(str(i)) for i in range(3)]
    said = [start.communicate(timeout=120) for start in starts]

    assert [out for out, _ in said] == [machine.answer(str(i)) for i in range(3)]
    assert sum("installing" in err for _, err in said) == 1


def test_an_install_that_was_cut_off_is_made_anew(machine: Machine) -> None:
    """Killed at its worst, it leaves nothing that a later start takes for whole."""
    machine.has_python()
    venv = machine.checkout / ".venv"
    cut = machine.begin()
    while not (venv / "installing").exists():
        assert cut.poll() is None
    os.killpg(cut.pid, signal.SIGKILL)
    cut.communicate()
    assert not list(venv.glob("*.stamp"))
    (venv / "left over").write_text("half a package")

    assert machine.start().stdout == machine.answer()
    assert not (venv / "left over").exists()
    assert not (venv / "installing").exists()


def test_a_changed_lock_is_installed(installed: Machine) -> None:
    """Into the venv that is there; pip's settings of the caller's don't lead it elsewhere."""
    (installed.checkout / ".venv" / "kept").write_text("")
    (installed.checkout / "requirements.lock").write_text("# nothing is pinned, but otherwise\n")

    changed = installed.start(variables={"PIP_USER": "1"})
    assert "installing" in changed.stderr
    assert changed.stdout == installed.answer()
    assert installed.start().stderr == ""
    assert (installed.checkout / ".venv" / "kept").exists()


def test_a_lock_that_cannot_be_installed_is_said_and_tried_again(installed: Machine) -> None:
    """Until it can be."""
    lock = installed.checkout / "requirements.lock"
    lock.write_text("no requirement at all\n")
    done = installed.start()
    assert (done.stdout, done.returncode) == ("", 1)
    assert "pip could not install what requirements.lock pins" in done.stderr

    lock.write_text("# nothing\n")
    assert installed.start().stdout == installed.answer()


def test_a_venv_whose_python_is_gone_is_made_anew(installed: Machine, tmp_path: Path) -> None:
    """pyenv removed the version, say."""
    python = installed.checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "gone")

    assert installed.start().stdout == installed.answer()


def test_a_checkout_may_be_moved(installed: Machine, tmp_path: Path) -> None:
    """The venv moves with it, without an install."""
    installed.checkout = installed.checkout.rename(tmp_path / "moved")

    done = installed.start()

    assert (done.stdout, done.stderr) == (installed.answer(), "")


def test_a_checkout_that_cannot_be_written_to_is_said(machine: Machine) -> None:
    """Where .venv can't be made."""
    machine.has_python()
    machine.script("mkdir", "exit 1")

    done = machine.start()

    assert done.returncode == 1
    assert f"tollway: can't write to {machine.checkout.resolve()}, where .venv is made\n" in done.stderr
