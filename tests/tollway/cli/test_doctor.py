"""`tollway doctor`, as a process: what is printed, and with which status it ends."""

import asyncio
import json
import os
import pty
import re
import subprocess
from pathlib import Path

import click
import pytest

from tests.tollway.command import Office
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import bare
from tollway import paths
from tollway.cli.doctor import paint
from tollway.diagnosis.finding import Verdict
from tollway.environment.prepare import prepare

SECRET = "made-up-" + "s" * 20
PATIENT = ("--timeout", "120")


async def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`tollway doctor WORDS`."""
    return await asyncio.to_thread(Office(home, None, variables).run, "doctor", *words)


def led(road: Road, tmp_path: Path) -> dict[str, str]:
    """What `tollway env` sets."""
    user = bare(tmp_path / "user")
    return prepare(road.proxy.url, paths.data_dir() / "ca", road.proxy.authority, user).variables


async def test_a_set_up_that_is_right_ends_with_0(road: Road, home: Path, tmp_path: Path) -> None:
    done = await run(home, *PATIENT, **led(road, tmp_path))

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert re.search(rf"(?m)^✓ well +proxy +127\.0\.0\.1:{road.proxy.port} is a Tollway$", done.stdout)
    assert not re.search("(?m)^✗", done.stdout)
    assert "\x1b" not in done.stdout


async def test_json_says_the_same(road: Road, home: Path, tmp_path: Path) -> None:
    done = await run(home, *PATIENT, "--format", "json", **led(road, tmp_path))

    said = json.loads(done.stdout)
    assert (done.returncode, said["well"]) == (0, True)
    (proxy,) = (each for each in said["findings"] if each["subject"] == "proxy")
    assert proxy == {
        "subject": "proxy",
        "verdict": "well",
        "reason": f"127.0.0.1:{road.proxy.port} is a Tollway",
        "remedy": None,
    }


async def test_what_is_wrong_ends_with_1_and_what_mends_it_and_shows_no_token(home: Path) -> None:
    done = await run(home, "--host", "API.openai.com", "--proxy", f"http://jwt:{SECRET}@127.0.0.1:1")

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith(
        "1 wrong, 0 doubtful. What mends it, the first thing first:\n"
        "  start it: tollway serve --listen 127.0.0.1:1\n"
    )
    assert SECRET not in done.stdout


async def test_a_terminal_without_unicode_is_shown_ascii(home: Path) -> None:
    done = await run(home, PYTHONIOENCODING="ascii")

    assert done.returncode == 1
    assert done.stdout.startswith("x wrong ")
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--ca", "/none"), 1, "/none: No such file or directory"),
        (("--timeout", "0"), 2, "0.0 is not in the range"),
        (("--host", "127.0.0.1"), 2, "'127.0.0.1' is no host's name, as api.openai.com is one"),
        (("--format", "yaml"), 2, "'yaml' is not one of 'text', 'json'"),
        (("more",), 2, "unexpected extra argument"),
    ],
)
async def test_wrong_use_is_said_in_a_sentence(
    home: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    done = await run(home, *words)

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_colour_is_for_terminals_and_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint("x", Verdict.WRONG) == click.style("x", fg="red")
    monkeypatch.setenv("NO_COLOR", "1")

    assert paint("x", Verdict.WRONG) == "x"


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["colour", "none"])
def test_in_a_terminal_there_is_colour(home: Path, variables: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    office = Office(home, None, variables)
    ran = subprocess.Popen(
        office.words("doctor"), env=office.variables, stdout=follower, stdin=subprocess.DEVNULL
    )
    os.close(follower)
    shown = b""
    with os.fdopen(leader, "rb", buffering=0) as terminal:
        try:
            while piece := terminal.read(65536):
                shown += piece
        except OSError:  # Linux: its other end is closed
            pass

    assert ran.wait(60) == 1
    assert (b"\x1b[31m" in shown) == (not variables)
    assert "✗ wrong".encode() in shown
