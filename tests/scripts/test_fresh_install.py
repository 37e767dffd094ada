"""The one real install of the suite: a copy of the checkout, an empty home, the pinned packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NO_NETWORK = ("NewConnectionError", "ConnectTimeout", "NameResolutionError")
WAY_OUT = ("PIP_", "SSL_", "REQUESTS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
"""What leads pip to packages on this machine."""

IMPORT_ALL = """
import importlib, pkgutil, tollway
for module in pkgutil.walk_packages(tollway.__path__, "tollway."):
    importlib.import_module(module.name)
"""
"""What the package imports anywhere must have come with the runtime's lock alone."""


def run(command: Sequence[str | Path], home: Path) -> subprocess.CompletedProcess[str]:
    """Run with an empty home and a PATH on which the Python is the tests' own, first a shim that fails."""
    way_out = {name: value for name, value in os.environ.items() if name.upper().startswith(WAY_OUT)}
    env = {**way_out, "HOME": str(home), "PATH": f"{home.parent}/bin:/usr/bin:/bin"}
    return subprocess.run(
        command, env=env, cwd=home, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.mark.slow
def test_a_fresh_clone_needs_one_command(tmp_path: Path) -> None:
    """From nothing to `tollway`: hashes hold, nothing is missing, nothing is written outside the checkout."""
    checkout, home, path = tmp_path / "the checkout", tmp_path / "home", tmp_path / "bin"
    for folder in ("addons", "scripts", "policies"):
        shutil.copytree(ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", checkout)
    home.mkdir()
    path.mkdir()
    (path / "python3.12").write_text("#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n")
    (path / "python3.12").chmod(0o755)
    (path / "python3").symlink_to(os.path.realpath(sys.executable))

    first = run([checkout / "scripts" / "tollway", "--help"], home)
    if any(sign in first.stderr for sign in NO_NETWORK):
        pytest.skip("no package index can be reached: the fresh install is NOT tested")
    assert (first.returncode, first.stdout[:14]) == (0, "Usage: tollway"), first.stderr

    python = checkout / ".venv" / "bin" / "python"
    assert run([python, "-m", "pip", "check"], home).stdout == "No broken requirements found.\n"
    done = run([python, "-I", "-c", IMPORT_ALL], home)
    assert done.returncode == 0, done.stderr
    policy = checkout / "policies" / "default.yaml"
    assert run([checkout / "scripts" / "tollway", "check", policy], home).stdout == "sound\n"
    assert [file for file in home.rglob("*") if ".cache" not in file.parts] == []
