"""The command line as a whole."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tollway import __version__
from tollway.cli import COMMANDS, cli, main
from tollway.errors import Mistake, PolicyError, TollwayError

HEAVY = ("mitmproxy", "pydantic", "genai_prices", "yaml", "asyncio")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    """`tollway` with these arguments, as a process."""
    command = [sys.executable, "-m", "tollway", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_lists_every_command_and_imports_none() -> None:
    """`--help` is complete, and costs next to nothing."""
    code = f"""
import sys
from tollway.cli import main
try:
    main(["--help"])
except SystemExit as e:
    heavy = [name for name in {HEAVY} if name in sys.modules]
    print(heavy, [name for name in sys.modules if name.startswith("tollway.cli.")], e.code)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    listed = re.findall(r"(?m)^  (\w+)  +(\S.*)$", out.partition("Commands:")[2])
    assert dict(listed) == COMMANDS
    assert out.splitlines()[-1] == "[] [] 0"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_the_list_says(name: str) -> None:
    """The module of the command's name has it, with a help text."""
    command = import_module(f"tollway.cli.{name}").command

    assert isinstance(command, click.Command)
    assert command.help


def every(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command, and those below it."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            below = command.get_command(context, each)
            assert below is not None
            yield from every(f"{name} {each}", below)


EVERY = dict(every("tollway", cli))


@pytest.mark.parametrize("name", EVERY)
def test_help_says_what_a_command_is_for_and_every_option(name: str) -> None:
    command = EVERY[name]

    untold = [each.opts[-1] for each in command.params if isinstance(each, click.Option) and not each.help]
    assert command.help
    assert untold == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full")
@pytest.mark.parametrize("words", [["--version"], ["schema"], ["report", "--format", "focus"]])
def test_output_that_a_full_disk_does_not_take_is_said(words: list[str], tmp_path: Path) -> None:
    """As of `tollway report > bill.csv`, and never by a traceback."""
    command = [sys.executable, "-m", "tollway", *words]
    variables = {**os.environ, "TOLLWAY_HOME": str(tmp_path)}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=variables
        )

    said = "tollway: what there is to print can't be written: No space left on device\n"
    assert (done.stderr, done.returncode) == (said, 1)


def test_version_is_the_packages() -> None:
    """One line, for scripts."""
    done = run("--version")

    assert (done.stdout, done.returncode) == (f"tollway {__version__}\n", 0)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chek"], "unknown command 'chek': did you mean check?"),
        (["zzz"], f"unknown command 'zzz': there are {', '.join(COMMANDS)}"),
        (["--nope"], "No such option"),
        (["check"], "Missing argument 'POLICY ...'"),
    ],
)
def test_wrong_use_exits_2(args: list[str], message: str) -> None:
    """And says what would be right, on standard error."""
    result = CliRunner().invoke(cli, args)

    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_names_are_known_without_an_import() -> None:
    """As shells' completion asks for them; what is no command is none."""
    context = click.Context(cli)

    assert isinstance(cli, click.Group)
    assert cli.list_commands(context) == list(COMMANDS)
    assert cli.get_command(context, "chek") is None


def test_no_command_shows_the_help() -> None:
    """As wrong use."""
    result = CliRunner().invoke(cli, [])

    assert result.exit_code == 2
    assert "Commands:" in result.output


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (TollwayError("port 8080 is in use"), 1, "tollway: port 8080 is in use\n"),
        (PolicyError([Mistake("p.yaml", 1, 2, "a", "is wrong")]), 2, "p.yaml:1:2: a: is wrong\n"),
    ],
)
def test_what_the_user_can_mend_is_a_message_without_traceback(
    error: TollwayError,
    status: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One place turns it into standard error and an exit status."""

    @click.command()
    def failing() -> None:
        raise error

    monkeypatch.setattr("tollway.cli.check.command", failing)

    with pytest.raises(SystemExit) as caught:
        main(["check"])

    assert caught.value.code == status
    assert capsys.readouterr() == ("", message)


def test_a_defect_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the user can mend is without one."""

    @click.command()
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tollway.cli.check.command", broken)

    with pytest.raises(ZeroDivisionError):
        main(["check"])


def test_command_line_runs_as_a_module_from_any_folder(tmp_path: Path) -> None:
    """`python -m tollway` is the same program."""
    (tmp_path / "p.yaml").write_text("version: 1\n")

    assert run("check", str(tmp_path / "p.yaml")).stdout == "sound\n"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("what it costs, live", "top .*live"),
        ("conversations", "inspect .*conversation"),
        ("texts that were kept", "show .*texts"),
        ("metrics", "serve .*metrics with --admin"),
        ("logs for programs", "serve .*JSON logs with --log-format"),
        ("what is wrong", "doctor .*wrong"),
        ("my own page", "page: http://tollway.internal/"),
    ],
)
def test_who_looks_for_something_finds_it_in_one_step(wanted: str, said: str) -> None:
    """The list says which command, or address, has it."""
    assert re.search(said, CliRunner().invoke(cli, ["--help"]).output), wanted


@pytest.mark.parametrize("words", [("--help",), ("serve", "--help")])
def test_the_proxys_page_is_named_where_one_looks_first(words: tuple[str, ...]) -> None:
    assert "http://tollway.internal/" in CliRunner().invoke(cli, words).output
