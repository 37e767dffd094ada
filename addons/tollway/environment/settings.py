"""Roots that tools take from settings of their own, which a variable of ours would shadow."""

import configparser
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tollway.ca.recipe import Recipe


def settings(present: Mapping[str, str]) -> dict[str, Recipe]:
    """Variable -> what the tool trusts by its own settings, for those that have such settings."""
    found = {"GIT_SSL_CAINFO": _git(present), "AWS_CA_BUNDLE": _aws(present)}
    return {name: recipe for name, recipe in found.items() if recipe is not None}


def _git(present: Mapping[str, str]) -> Recipe | None:
    """`http.sslCAInfo` replaces the system's roots; `http.<url>.sslCAInfo` does so for some hosts only."""
    git = shutil.which("git", path=present.get("PATH", os.defpath))
    if git is None or present.get("GIT_SSL_CAINFO", "").strip():
        return None
    command = [git, "config", "--null", "--type=path", "--get-regexp", r"^http\.(.*\.)?sslcainfo$"]
    try:
        output = subprocess.run(command, env=dict(present), capture_output=True, timeout=5).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    entries = [entry.partition("\n") for entry in output.decode(errors="replace").split("\0") if entry]
    own = {path: key for key, _, path in entries if path}
    if not own:
        return None
    return Recipe("http.sslcainfo" not in own.values(), tuple(own))


def _aws(present: Mapping[str, str]) -> Recipe | None:
    """`ca_bundle` of the profile in use."""
    home = Path(present.get("HOME") or Path.home())
    file = Path(present.get("AWS_CONFIG_FILE") or home / ".aws/config")
    profile = present.get("AWS_PROFILE") or present.get("AWS_DEFAULT_PROFILE") or "default"
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.read_text())
    except (OSError, ValueError, configparser.Error):
        return None
    section = "default" if profile == "default" else f"profile {profile}"
    path = parser.get(section, "ca_bundle", fallback="").strip()
    return Recipe(False, (str(home / path.removeprefix("~/")),)) if path else None
