"""A command in our place: status, files, signals, the terminal."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.tollway.terminal import Terminal
from tollway.cli import child
from tollway.cli.child import NOT_EXECUTABLE, NOT_FOUND, Child, NotRun

DRIVER = """
import asyncio, os, sys
from tollway.cli.child import Child
status = asyncio.run(Child().run(sys.argv[1:], os.environ))
print("status", status, flush=True)
sys.exit(status)
"""
"""A process that does nothing but run its arguments."""


def driven(*command: str) -> list[str]:
    """The words of a process that runs this command."""
    return [sys.executable, "-c", DRIVER, *command]


def python(code: str) -> tuple[str, ...]:
    """The words of a Python program."""
    return (sys.executable, "-I", "-c", code)


async def run(command: Sequence[str]) -> int:
    """A command's status."""
    return await Child().run(command, os.environ)


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("kill -9 $$", 137), ("kill -TERM $$", 143)],
)
async def test_the_status_is_the_commands(script: str, status: int) -> None:
    """128 + N where signal N ended it, as shells have it."""
    assert await run(("sh", "-c", script)) == status


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, int], str]:
    """Makes a file with a content and a mode."""

    def make(content: str, mode: int) -> str:
        path = tmp_path / "command"
        path.write_text(content)
        path.chmod(mode)
        return str(path)

    return make


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("no-such-command", NOT_FOUND, "no-such-command: no such command"),
        ("/nowhere/command", NOT_FOUND, "/nowhere/command: no such command"),
        ("/", NOT_EXECUTABLE, "/: Permission denied"),
        ("/dev/null/command", NOT_EXECUTABLE, "/dev/null/command: Not a directory"),
    ],
)
async def test_what_can_not_be_run_has_the_status_that_shells_give(
    command: str, status: int, said: str
) -> None:
    """127: not found; 126: found, but not to be run."""
    with pytest.raises(NotRun) as caught:
        await run((command,))

    assert (caught.value.status, str(caught.value)) == (status, said)


async def test_a_file_without_the_bit_is_not_run(file: Callable[[str, int], str]) -> None:
    """126."""
    with pytest.raises(NotRun, match="Permission denied") as caught:
        await run((file("#!/bin/sh\n", 0o644),))

    assert caught.value.status == NOT_EXECUTABLE


async def test_a_missing_interpreter_is_named_as_such(file: Callable[[str, int], str]) -> None:
    """The system says "no such file" of a script that is there."""
    with pytest.raises(NotRun, match="the interpreter that its first line names is not there"):
        await run((file("#!/no/such/interpreter\n", 0o755),))


async def test_a_script_without_a_first_line_is_the_shells(file: Callable[[str, int], str]) -> None:
    """As execvp has it, and with it every shell."""
    assert await run((file("exit $1", 0o755), "9")) == 9


def test_inherited_files_pass_on_and_ours_do_not() -> None:
    """`<(...)` of a shell works: its pipe is a file descriptor above 2."""
    read, write = os.pipe()
    os.write(write, b"from the pipe")
    os.close(write)
    script = f"cat /dev/fd/{read}; ls /dev/fd/ | tr '\\n' ' '"

    done = subprocess.run(driven("sh", "-c", script), pass_fds=(read,), capture_output=True, text=True)
    os.close(read)

    assert done.stdout.startswith("from the pipe")
    files = done.stdout.removeprefix("from the pipe").partition("status")[0].split()
    assert {int(name) for name in files} <= {0, 1, 2, 3, read}  # 3: the folder that ls reads


def test_what_the_command_reads_and_writes_is_untouched() -> None:
    """Every byte."""
    data = bytes(range(256)) * 4096

    done = subprocess.run(driven("sh", "-c", "cat; cat >&2 </dev/null"), input=data, capture_output=True)

    assert done.stdout == data + b"status 0\n"
    assert done.stderr == b""


@pytest.mark.parametrize("number", [*child.PASSED_ON, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_from_elsewhere_is_passed_on(number: signal.Signals) -> None:
    """Without a terminal also those that a terminal sends: nobody else has told the command."""
    name = number.name.removeprefix("SIG")
    command = driven("sh", "-c", f"trap 'echo got; exit 9' {name}; echo ready; read line")

    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        rest = process.stdout.read()

    assert rest == "got\nstatus 9\n"


async def test_a_signal_that_comes_before_the_command_is_there_is_not_lost() -> None:
    """It is kept until the command is there."""
    starting = Child()
    starting._pass_on(signal.SIGTERM)

    assert await starting.run(("sleep", "60"), os.environ) == 128 + signal.SIGTERM


def test_what_is_ignored_stays_ignored() -> None:
    """`nohup tollway run -- x`: x survives its terminal."""
    code = "import signal; print(*(signal.getsignal(n) is signal.SIG_IGN for n in (1, 2, 3, 15)))"
    script = 'trap "" HUP QUIT; exec "$0" "$@"'

    done = subprocess.run(["sh", "-c", script, *driven(*python(code))], capture_output=True, text=True)

    assert done.stdout.splitlines()[0] == "True False True False"


async def test_nothing_is_left_of_the_signals() -> None:
    """After the command, signals mean what they did before."""
    before = [signal.getsignal(number) for number in child.PASSED_ON]

    await run(("true",))

    assert [signal.getsignal(number) for number in child.PASSED_ON] == before


def test_the_command_has_our_terminal() -> None:
    """All three streams, its size, and its foreground."""
    code = (
        "import os, sys; print(os.isatty(0), os.isatty(1), os.isatty(2), os.get_terminal_size(),"
        " os.tcgetpgrp(0) == os.getpgrp())"
    )
    with Terminal(driven(*python(code)), os.environ, rows=33, columns=101) as terminal:
        assert terminal.wait() == 0

    assert terminal.shown.splitlines()[0] == ("True True True os.terminal_size(columns=101, lines=33) True")


def test_ctrl_c_reaches_the_command_once() -> None:
    """A second one means "now!" to many programs."""
    script = "trap 'echo got' INT; echo ready; read line; read line; exit 7"
    with Terminal(driven("sh", "-c", script), os.environ) as terminal:
        terminal.wait_for("ready")
        terminal.press("\x03")
        terminal.wait_for("got")
        terminal.press("\n\n")

        assert terminal.wait() == 7
    assert terminal.shown.count("got") == 1


def test_ctrl_z_stops_both_and_fg_goes_on() -> None:
    """The shell takes over at once, and the command goes on where it was."""
    command = " ".join(f"'{word}'" for word in driven("sh", "-c", "echo ready; read line; echo line $line"))
    with shell() as terminal:
        terminal.press(f"{command}\n")
        terminal.wait_for("\r\nready")
        terminal.press("\x1a")
        terminal.wait_for("Stopped")
        terminal.press("fg\n")
        terminal.wait_for("read line")
        terminal.press("hello\n")
        terminal.wait_for("\r\nline hello")
        terminal.wait_for("status 0")
        terminal.wait_for("> ")  # it has ended


def test_a_command_that_stops_itself_gives_the_terminal_back() -> None:
    """Programs that read keys themselves do so when they are told to suspend."""
    command = " ".join(f"'{word}'" for word in driven("sh", "-c", "kill -STOP $$; echo on again"))
    with shell() as terminal:
        terminal.press(f"{command}\n")
        terminal.wait_for("Stopped")
        terminal.press("fg\n")
        terminal.wait_for("\r\non again")
        terminal.wait_for("status 0")
        terminal.wait_for("> ")  # it has ended


def shell() -> Terminal:
    """A shell that manages jobs, at its prompt."""
    environment = {**os.environ, "PS1": "> ", "HISTFILE": "", "INPUTRC": "/dev/null", "TERM": "dumb"}
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], environment, columns=500)
    terminal.wait_for("> ")
    return terminal
