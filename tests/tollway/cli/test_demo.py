"""`tollway demo`, as a process."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import tollway
from tests.tollway.command import IS_MEASURED, MEASURED, TOLLWAY
from tests.tollway.scanning.conftest import COMPILED, NO_WHEEL
from tests.tollway.terminal import Terminal
from tollway.demo import guide
from tollway.demo.metering.stops import TOUR

pytestmark = pytest.mark.slow

UNPACED = "from tollway.cli import demo; from tollway.demo import guide; guide.PACE = 0; demo.command()"
if IS_MEASURED:
    UNPACED = f"import runpy; runpy.run_path({str(MEASURED)!r}); {UNPACED}"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CALLS = (
    "anthropic claude-opus-4-8  21.4k in (20.9k to cache), 640 out  $0.",
    "anthropic claude-opus-4-8  23.1k in (20.9k cached), 910 out  $0.",
    "openai text-embedding-3-small  180k in  $0.0036",
    "openai gpt-5  status 429  $0",
    "openai gpt-5-mini  4,400 in, 380 out  $0.",
    "350 out  $0.0288  by plan",
    "gemini gemini-2.5-pro  12.5k in, 3,100 out  $0.0466  abandoned",
)
LIMITS = (
    r"admitted  whole: 64,000 output tokens; holds \$1\.77 of the \$2\.00 left",
    r"x-tollway-remaining: claude-day; left=2 USD; reset=\d{4}-\d\d-\d\dT\d\d:00:00Z",
    r"clamped   64,000 -> 44,\d{3} output tokens; holds all of the \$1\.24 left",
    r"waits     \$0\.0000\d+ is left: ada's call holds all else",
    r"ada is answered: \$0\.6465 of what was held is free again",
    r"ben waited \d+\.\d s, and is admitted",
    r"clamped   64,000 -> 23,\d{3} output tokens; holds all of the \$0\.6465 left",
    r"rerouted  claude-opus-4-8 -> claude-haiku-4-5",
    r"x-tollway-route: anthropic/claude-opus-4-8 -> anthropic/claude-haiku-4-5",
    r"anthropic claude-haiku-4-5  1,900 in, 16\.0k out  \$0\.0819",
    r"refused   status 429, x-should-retry: false; reset=\d{4}-\d\d-\d\dT\d\d:00:00Z",
    r'\{"type":"error","error":\{"type":"rate_limit_error","message":"Tollway: the\s+limit',
    r"\$ tollway budgets",
    r"Now yours: /dev/null/x/policy\.yaml",
    r"and then:  tollway run -- claude",
)
"""What the tour of limits says, in this order."""

GUARDRAILS = (
    r"What finds keys was made in \d+\.\d s: ",
    r"STRIPE_SECRET_KEY=\.\.\.\n",
    r"blocked   status 400, x-should-retry: false",
    r"the guardrail no-keys blocks this request\. It has stripe_key at\s+/messages/2/content/0/content\.",
    r"provider  got 0 calls",
    r"redacted  Nora \(REDACTED_EMAIL_[a-z2-7]{12}\) paid with\s+REDACTED_CARD_[a-z2-7]{12}\. ",
    r"is what the provider got; all else of \d+ bytes is as it was",
    r"redacted  the same placeholders: the provider got the first turn's \d+\s+bytes,",
    r'streamed  "To REDACTED" "_EMAIL_[a-z2-7]{4}" "[a-z2-7]{8}: i" "t comes on " "Monday\."',
    r'restored  "To " "nora@kestrel-optics\.net: i" "t comes on " "Monday\."',
    r"flagged   goes on as it is",
    r"\$ tollway show [0-9a-f]{32}\n",
    r"found  password in the request at /messages/0/content: flag by no-keys,\s+hash [0-9a-f]{32}\n",
    r"\.env:2:19: stripe_key",
    r"Now yours: the same lines in /dev/null/x/policy\.yaml",
)
"""What the tour of guardrails says, in this order."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine with a home and a folder for temporary files, whose proxies and settings are of no use."""
    (tmp_path / "tmp").mkdir()
    own = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path / "tmp"), "TERM": "xterm-256color"}
    dead = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "*", "TOLLWAY_HOME": "/dev/null/x"}
    return {**os.environ, **own, **dead, "KF_RULE_CACHE_DIR": str(COMPILED)}


def test_the_tour_piped_is_plain_text(environment: dict[str, str], tmp_path: Path) -> None:
    """Every call with its cost, then the bill, then what to do; nothing is left of it."""
    done = subprocess.run(
        [*TOLLWAY, "demo"], env=environment, capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    for call in CALLS:
        assert call in done.stdout
    assert re.search(r"(?m)^ada +anthropic +claude-opus-4-8 +3 ", done.stdout)
    assert re.search(r"(?m)^total +- +- +10 ", done.stdout)
    assert "tollway run -- claude" in done.stdout.splitlines()[-2]
    assert "tollway serve" in done.stdout.splitlines()[-1]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_tour_in_a_terminal_has_colour_and_fits_eighty_columns(environment: dict[str, str]) -> None:
    """It says the same."""
    with Terminal([sys.executable, "-c", UNPACED], environment, columns=80) as terminal:
        assert terminal.wait() == 0, terminal.shown

    assert "\x1b[1;36mada\x1b[0m" in terminal.shown
    plain = ANSI.sub("", terminal.shown)
    for call in CALLS:
        assert call in plain
    assert "─" * 60 in plain
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) <= 80


def test_the_tour_is_paced_to_be_followed_and_ends_in_time() -> None:
    """Two lines a call and a few more, at the pace of a terminal: with what the calls take, below 30 s."""
    assert 10 < (2 * len(TOUR) + 5) * guide.PACE < 20


def assert_said(lines: Sequence[str], said: str) -> None:
    """All of it happened, in its order."""
    at = 0
    for line in lines:
        found = re.compile(line).search(said, at)
        assert found is not None, f"{line} is not in {said[at:]}"
        at = found.end()


def processes_of(folder: Path) -> list[str]:
    """The processes whose temporary files belong there (of Linux; elsewhere none is seen)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def test_the_tour_of_limits_piped_is_plain_text(environment: dict[str, str], tmp_path: Path) -> None:
    """What each call met, with its figures; nothing is left of it, and no process.

    In a terminal it takes a beat a line at most up to the budgets, and three in which a call waits: with what
    the calls take, below 30 s.
    """
    done = subprocess.run(
        [*TOLLWAY, "demo", "--limits"], env=environment, capture_output=True, text=True, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert_said(LIMITS, done.stdout)
    assert re.search(r"(?m)^claude-day  - +\S+ +hard +USD +2 +1\.9824 +0 +0\.0176 ", done.stdout)
    told = done.stdout.partition("$ tollway budgets")[0].splitlines()
    assert max(map(len, told)) <= 80
    lines = sum(1 for line in told if line and not line.startswith(" " * 4))
    assert 10 < (lines + 3) * guide.PACE < 22
    assert list((tmp_path / "tmp").iterdir()) == []
    assert processes_of(tmp_path / "tmp") == []


@pytest.mark.parametrize("more", [{}, {"NO_COLOR": "1"}], ids=["colour", "no colour"])
def test_the_tour_of_limits_fits_eighty_columns(environment: dict[str, str], more: dict[str, str]) -> None:
    """It says the same; without colour where that is not wanted."""
    with Terminal(
        [sys.executable, "-c", UNPACED, "--limits"], {**environment, **more}, columns=80
    ) as terminal:
        assert terminal.wait() == 0, terminal.shown

    plain = ANSI.sub("", terminal.shown).replace("\r\n", "\n")
    assert_said(LIMITS, plain)
    assert "─" * 60 in plain
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) <= 80
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-7]m", terminal.shown)) is not bool(more)


def test_the_tour_of_guardrails_piped_is_plain_text(environment: dict[str, str], tmp_path: Path) -> None:
    """What was blocked, taken out, put back and flagged; nothing is left of it, and no process.

    In a terminal it takes a beat a line at most up to the row: with what the calls take, below 30 s.
    """
    done = subprocess.run(
        [*TOLLWAY, "demo", "--guardrails"], env=environment, capture_output=True, text=True, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert_said(GUARDRAILS, done.stdout)
    assert max(map(len, done.stdout.splitlines())) <= 80
    told = done.stdout.partition("$ tollway show")[0].splitlines()
    assert 10 < sum(1 for line in told if line and not line.startswith(" " * 4)) * guide.PACE < 22
    assert list((tmp_path / "tmp").iterdir()) == []
    assert processes_of(tmp_path / "tmp") == []


def test_the_tour_of_guardrails_in_a_terminal_shows_what_was_done_to_values(
    environment: dict[str, str],
) -> None:
    """It says the same: in yellow what was taken out, in green what is back."""
    with Terminal([sys.executable, "-c", UNPACED, "--guardrails"], environment, columns=80) as terminal:
        assert terminal.wait() == 0, terminal.shown

    plain = ANSI.sub("", terminal.shown).replace("\r\n", "\n")
    assert_said(GUARDRAILS, plain)
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) <= 80
    assert re.search(r"\x1b\[1;33mREDACTED_EMAIL_[a-z2-7]{12}\x1b\[0m", terminal.shown)
    assert "\x1b[1;32mnora@kestrel-optics.net\x1b[0m" in terminal.shown


def test_what_finds_keys_is_not_compiled_again_for_the_tour(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """What an earlier start has left in the data folder is read, and stays as it is."""
    pytest.importorskip("kingfisher_sdk", reason=NO_WHEEL)
    if not COMPILED.is_dir():  # the tests of the engine make it
        pytest.skip("NOT TESTED HERE: nothing is compiled yet on this machine")
    compiled = tmp_path / "data" / "kingfisher"
    shutil.copytree(COMPILED, compiled)
    before = {file: file.stat().st_mtime_ns for file in compiled.rglob("*")}
    environment = {**environment, "TOLLWAY_HOME": str(tmp_path / "data")}
    del environment["KF_RULE_CACHE_DIR"]

    done = subprocess.run(
        [*TOLLWAY, "demo", "--guardrails"], env=environment, capture_output=True, text=True, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert {file: file.stat().st_mtime_ns for file in compiled.rglob("*")} == before
    assert list((tmp_path / "data").iterdir()) == [compiled]


def test_two_tours_at_once_are_none(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*TOLLWAY, "demo", "--limits", "--guardrails"], env=environment, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "--limits and --guardrails are two tours: take one after the other" in done.stderr


def test_help_names_all_tours(environment: dict[str, str]) -> None:
    done = subprocess.run([*TOLLWAY, "demo", "--help"], env=environment, capture_output=True, text=True)

    assert done.returncode == 0
    assert re.search(r"--limits +See a limit clamp, wait, reroute and refuse\.", done.stdout)
    assert re.search(r"--guardrails +See keys blocked, and customers' data taken out", done.stdout)
    assert re.search(r"--cache +See an answer given again, and five calls share one\.", done.stdout)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ((), "asks Claude about a bug"),
        (("--limits",), "ada's call holds all else"),
        (("--guardrails",), "asks about a customer"),
        (("--cache",), "of them wait for the answer"),
    ],
    ids=["metering", "limits", "guardrails", "cache"],
)
def test_ctrl_c_ends_it_and_leaves_nothing(
    environment: dict[str, str], tmp_path: Path, words: tuple[str, ...], moment: str
) -> None:
    """No traceback, no temporary files, no simulator; of limits while one call is held, and one waits."""
    with Terminal([*TOLLWAY, "demo", *words], environment) as terminal:
        terminal.wait_for(moment)
        terminal.press("\x03")
        assert terminal.wait() == 130

    assert "Traceback" not in terminal.shown
    assert "WARNING" not in terminal.shown
    assert terminal.shown.count("\x1b[?25l") == terminal.shown.count("\x1b[?25h")
    assert list((tmp_path / "tmp").iterdir()) == []
    assert processes_of(tmp_path / "tmp") == []


def test_without_a_checkout_it_says_where_it_can_be_had(environment: dict[str, str], tmp_path: Path) -> None:
    """A wheel has no tests, and with them no simulator."""
    installed = tmp_path / "site-packages"
    shutil.copytree(Path(tollway.__file__).parent, installed / "tollway")

    done = subprocess.run(
        [*TOLLWAY, "demo"], env={**environment, "PYTHONPATH": str(installed)}, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert done.stderr == (
        "tollway: the demo's providers are the tests' simulator, which is not part of the installed package: "
        "clone the repository and run scripts/tollway demo there\n"
    )
