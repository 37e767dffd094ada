"""A machine that is not this one: a stand-in checkout, an empty home, a bare PATH.

The stand-in pins no packages, so an install is a `python -m venv`; its package is a stand-in, too.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = "cat cksum dirname env grep head id mkdir mv readlink rm sed sh tr".split()
PACKAGE = "import os, sys; print('tollway', *sys.argv[1:], '|', os.getcwd(), '|', sys.prefix)\n"


class Machine:
    """What there is in a folder: a checkout with a space in its name, a home, a PATH of one folder."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.home = folder / "home"
        self.path = folder / "bin"
        self.log = folder / "log"
        for made in (self.home, self.path, self.checkout / "addons" / "tollway"):
            made.mkdir(parents=True)
        for tool in TOOLS:
            where = shutil.which(tool)
            assert where is not None, f"the tests want {tool}"
            (self.path / tool).symlink_to(where)
        # No one's home: the version folders of who runs the tests are not this machine's.
        self.script("id", "echo nobody")
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        (self.checkout / "requirements.lock").write_text("# nothing is pinned\n")
        (self.checkout / "addons/tollway/__init__.py").write_text("")
        (self.checkout / "addons/tollway/__main__.py").write_text(PACKAGE)

    def script(self, name: str, body: str) -> None:
        """Put a script of this name on the PATH."""
        target = self.path / name
        target.unlink(missing_ok=True)
        target.write_text(f"#!/bin/sh\n{body}\n")
        target.chmod(0o755)

    @property
    def python(self) -> str:
        """The Python of the tests, out of its venv."""
        return os.path.realpath(sys.executable)

    def has_python(self, name: str = "python3") -> None:
        """Put the Python of the tests on the PATH, as one that notes each start."""
        self.script(name, f"echo started >>'{self.log}'\nexec '{self.python}' \"$@\"")

    def starts(self) -> int:
        """How often the Python on the PATH was started."""
        return self.log.read_text().count("started") if self.log.exists() else 0

    def environment(self) -> dict[str, str]:
        """HOME and PATH, and no more."""
        return {"HOME": str(self.home), "PATH": str(self.path)}

    def start(
        self, *args: str, script: Path | None = None, variables: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run scripts/tollway, or what leads to it, and wait."""
        return subprocess.run(
            [script or self.checkout / "scripts" / "tollway", *args],
            env=self.environment() | (variables or {}),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def begin(self, *args: str) -> subprocess.Popen[str]:
        """Run scripts/tollway in a process group of its own, and do not wait."""
        return subprocess.Popen(
            [self.checkout / "scripts" / "tollway", *args],
            env=self.environment(),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finds(self, variables: dict[str, str]) -> str:
        """The Python that a first start would take."""
        code = 'root=$1; . "$root/scripts/venv"; find_python'
        command = ["sh", "-c", code, "sh", str(self.checkout)]
        environment = self.environment() | variables
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.stdout.removesuffix("\n")

    def answer(self, *args: str) -> str:
        """What the stand-in package prints."""
        venv = self.checkout.resolve() / ".venv"
        return f"{' '.join(['tollway', *args])} | {self.home.resolve()} | {venv}\n"
