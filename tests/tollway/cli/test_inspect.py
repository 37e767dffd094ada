"""`tollway inspect`: what it is told, and where it can't run. What it shows: `tests/tollway/inspecting`."""

import logging

import pytest
from mitmproxy import flowfilter
from mitmproxy.test import tflow

from tests.tollway.command import Office
from tollway.cli.inspect import QUIET, command, hear
from tollway.inspecting.keeping import ALL, LARGEST
from tollway.inspection.said import ESTIMATED, REFUSED, REROUTED


def test_without_a_terminal_it_says_what_does(office: Office) -> None:
    """The web interface."""
    done = office.run("inspect")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "tollway: the console needs a terminal; `tollway inspect --web` does without one\n"


def test_the_help_says_how_to_filter_and_what_is_shown(office: Office) -> None:
    """A newcomer finds the filters, and that keys and prompts are to be seen."""
    done = office.run("inspect", "--help")

    assert done.returncode == 0
    for word in (
        "~comment opus",
        "~marked",
        "~marker no_entry",
        "prompts and keys included",
        "addons/entry.py",
    ):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("told", "said", "marked", "is_found"),
    [
        ("~comment opus", "ann · anthropic/claude-opus-4-8 · passed", "", True),
        ("~comment opus", "ann · anthropic/claude-haiku-4-5 · passed", "", False),
        ("~comment over_limit", "ann · openai/gpt-5 · refused over_limit: block", f":{REFUSED}:", True),
        ("~marked", "x", f":{ESTIMATED}:", True),
        ("~marked", "x", "", False),
        (f"~marker {REFUSED}", "x", f":{REFUSED}:", True),
        (f"~marker {REFUSED}", "x", f":{REROUTED}:", False),
        (f"~marker {REROUTED}", "x", f":{REROUTED}:", True),
    ],
)
def test_filters_that_the_help_tells_of_find_what_they_say(
    told: str, said: str, marked: str, is_found: bool
) -> None:
    """mitmproxy's, over what is said beside a flow."""
    flow = tflow.tflow()
    flow.comment, flow.marked = said, marked

    words = (command.help or "").split()
    assert {told.partition(" ")[0], told.rpartition(" ")[2]} <= {word.strip(",.;") for word in words}
    assert bool(flowfilter.match(told, flow)) is is_found


def test_the_help_says_how_much_is_kept(office: Office) -> None:
    said = " ".join(office.run("inspect", "--help").stdout.split())

    assert f"of a streamed answer {LARGEST // 2**20} MB at most, of all of them {ALL // 2**20} MB" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "scripts=x.py"), "tollway: --set scripts=x.py: refused, scripts fail open"),
        (("--listen", "nowhere"), "Error: Invalid value for '--listen'"),
        (("--read", "no-such.flows"), "Error: Invalid value for '--read'"),
    ],
)
def test_what_is_wrong_is_said(office: Office, words: tuple[str, ...], said: str) -> None:
    """Before anything listens."""
    done = office.run("inspect", "--web", "--no-browser", *words)

    assert done.returncode in (1, 2)
    assert said in done.stderr


def test_the_event_log_gets_what_tollway_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of others' loggers only what is wrong."""
    names = ("", *QUIET)
    before = {name: logging.getLogger(name).level for name in names}
    try:
        hear()
        levels = [logging.getLogger(name).level for name in names]
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)

    assert levels == [logging.INFO] + [logging.WARNING] * len(QUIET)
