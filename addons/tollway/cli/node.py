"""Programs on a Node whose `fetch` reads no proxy variables: their calls go past any proxy, unseen."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tollway.diagnosis.node import reads_proxy

NAMES = ("node", "nodejs")
SECONDS = 5.0


def past(command: str) -> str | None:
    """Why the calls of this command may have gone past Tollway, if it runs on such a Node."""
    node = node_of(command)
    version = version_of(node) if node else None
    if version is None or reads_proxy(version):
        return None
    said = ".".join(map(str, version))
    return (
        f"if it made AI calls, they went past Tollway: fetch in Node {said} does not read HTTPS_PROXY; from "
        "22.21 and 24 on it does"
    )


def node_of(command: str) -> str | None:
    """The Node that runs a command: itself, or that of a script's first line; None: it is no Node's."""
    path = shutil.which(command)
    if path is None:
        return None
    if Path(path).name in NAMES or Path(path).resolve().name in NAMES:
        return path
    try:
        with open(path, "rb") as file:
            first = file.readline(200).split()
    except OSError:
        return None
    is_script = bool(first) and first[0].startswith(b"#!")
    names = {Path(os.fsdecode(word)).name for word in first}
    return shutil.which("node") if is_script and not names.isdisjoint(NAMES) else None


def version_of(node: str) -> tuple[int, ...] | None:
    """What `node --version` says."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=SECONDS).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)\S*\s*", said)
    return tuple(map(int, found.groups())) if found else None
