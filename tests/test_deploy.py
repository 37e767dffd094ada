"""What `deploy/` has, held to the programs that read it."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from tollway.cli import cli

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
README = (ROOT / "README.md").read_text("utf-8")
UNIT = (DEPLOY / "tollway.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
INSTRUCTIONS = [
    (words[0], words[1])
    for line in re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", CONTAINER, flags=re.M)).splitlines()
    if len(words := line.split(maxsplit=1)) == 2
]
EXPOSED, BY = 1.1, 252
"""Of 10; by which release of systemd. Others weigh more, or less."""
MOST_EXPOSED = 1.5
"""By any."""


def program(name: str) -> str:
    """Where it is."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NO {name.upper()}: it is not on PATH, what deploy/ has for it is not tested")
    return found


def taken(words: list[str]) -> None:
    """The command line takes these words, which are not run."""
    context = click.Context(cli)
    name, command, rest = cli.resolve_command(context, words)
    assert command is not None
    command.make_context(name, rest, parent=context)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, as it stands where Tollway is in this checkout."""
    path = tmp_path / "tollway.service"
    path.write_text(UNIT.replace("/opt/tollway", str(ROOT)))
    return path


def test_systemd_has_nothing_to_say_of_the_unit(unit: Path) -> None:
    done = subprocess.run([program("systemd-analyze"), "verify", unit], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_unit_is_as_little_exposed_as_the_readme_says(unit: Path) -> None:
    words = [program("systemd-analyze"), "security", "--offline=true", "--no-pager", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True)
    found = re.search(r"exposure level for tollway\.service: ([0-9.]+) OK", done.stdout)

    assert found is not None, done.stdout + done.stderr
    assert float(found[1]) <= MOST_EXPOSED
    told = subprocess.run([words[0], "--version"], capture_output=True, text=True).stdout
    assert float(found[1]) == EXPOSED or f"systemd {BY} " not in told
    assert f"`systemd-analyze security`: {EXPOSED} of 10, by systemd {BY}" in README


def test_the_unit_runs_a_command_that_there_is() -> None:
    """Its credentials are those that it loads, and a reload does not end it."""
    line = re.sub(r"\\\n", "", UNIT).partition("ExecStart=")[2].partition("\n")[0]
    script, *words = shlex.split(line)
    taken(words)

    assert (ROOT / script.removeprefix("/opt/tollway/")).is_file()
    loaded = set(re.findall(r"^LoadCredential(?:Encrypted)?=([\w-]+):", UNIT, re.M))
    assert loaded == set(re.findall(r"credential:([\w-]+)", UNIT.partition("[Service]")[2]))
    assert "ExecReload=/bin/kill -HUP $MAINPID" in UNIT
    assert "--policy" in words  # without one, SIGHUP means stop


def test_the_image_is_of_the_lock_file_and_of_files_that_there_are() -> None:
    kinds = {kind for kind, _ in INSTRUCTIONS}
    assert kinds <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT",
        "CMD",
    }  # fmt: skip
    copied = [rest.split()[0] for kind, rest in INSTRUCTIONS if kind == "COPY" and not rest.startswith("--")]
    assert copied == ["requirements.lock", "addons/tollway"]
    assert all((ROOT / path).exists() for path in copied)
    (install,) = [json.loads(rest) for kind, rest in INSTRUCTIONS if kind == "RUN" and "pip" in rest]
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:", "requirements.lock"} <= {*install}


def test_the_image_runs_a_command_that_there_is_as_nobody_in_particular() -> None:
    said = dict(INSTRUCTIONS)
    entry, words = json.loads(said["ENTRYPOINT"]), json.loads(said["CMD"])

    assert entry[1:] == ["-I", "-m", "tollway"]
    taken(words)
    assert int(said["USER"]) >= 10_000
    bases = [rest.split()[0] for kind, rest in INSTRUCTIONS if kind == "FROM"]
    (version,) = {base.partition("python:")[2].partition("-")[0] for base in bases}
    assert f"/lib/python{version}/site-packages/tollway.pth" in CONTAINER


def test_what_the_image_is_run_with_in_its_own_example_is_a_command(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("redis://localhost/0")
    example = re.sub(r" \\\n#", "", CONTAINER.partition("#   podman run")[2])
    line = example.partition("--cap-drop all tollway ")[2].partition("\n")[0]
    taken(shlex.split(line.replace("/run/secrets/ledger", str(tmp_path / "ledger"))))


def test_haproxy_takes_its_configuration() -> None:
    words = [program("haproxy"), "-c", "-f", str(DEPLOY / "haproxy.cfg")]
    done = subprocess.run(words, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "valid" in done.stdout + done.stderr
    assert "WARNING" not in done.stderr
