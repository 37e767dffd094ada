"""The command that prints a token, run for real."""

import asyncio
import os
from pathlib import Path

import pytest

from tollway.token_command.caught import LARGEST
from tollway.token_command.command import NoToken, printed

TOKEN = "made-up." * 3 + "_~+/-=="


async def at_once(seconds: float) -> None:
    """A clock on which all time passes at once, as soon as the command has begun."""
    assert seconds == 30.0


async def never(seconds: float) -> None:
    """A clock that stands."""
    await asyncio.Event().wait()


async def why_not(command: str) -> str:
    """Why there is no token."""
    with pytest.raises(NoToken) as error:
        await printed(command, never)
    return str(error.value)


@pytest.mark.parametrize(
    "command",
    [
        f"echo '{TOKEN}'",
        f"printf '{TOKEN}'",
        f"printf '\\n  {TOKEN} \\r\\nand more\\n'",
        f"echo 'Refreshing ...' >&2; echo '{TOKEN}'",
        f"A='{TOKEN}'; cat | grep nothing; echo \"$A\"",
    ],
    ids=["line", "no end", "blanks", "complaint", "standard input"],
)
async def test_the_token_is_the_first_line(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What else it says is nobody's business; it has nothing to read."""
    assert await printed(command, never) == TOKEN
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("exit 3", "the token command ended with status 3"),
        ("echo one >&2; echo ' log in again \a' >&2; exit 1", "ended with status 1: log in again"),
        (f"echo {TOKEN}; exit 1", "the token command ended with status 1"),
        ("no-such-command 2>/dev/null", "the token command ended with status 127"),
        ("kill -9 $$", "the token command was ended by signal 9"),
        ("true", "the token command printed nothing"),
        ("echo '  '", "the token command printed nothing"),
        ("echo ERROR: log in", "what the token command printed is no token"),
        ("echo '<html>'", "what the token command printed is no token"),
        ("printf '\\377\\376'", "what the token command printed is no token"),
        ("printf 'a\\0b'", "what the token command printed is no token"),
        ("yes", f"the token command printed more than {LARGEST} bytes"),
        ("yes no | head -c 300000 >&2; exit 2", "ended with status 2: "),
    ],
)
async def test_what_is_wrong_is_said(command: str, why: str) -> None:
    said = await why_not(command)

    assert why in said
    assert len(said) < 400
    assert said.isprintable()


async def test_what_may_be_a_token_is_not_shown_either() -> None:
    """A shell that traces what it does, for one."""
    secret = "made-up-" + "x" * 80

    said = await why_not(f"set -x; curl --nonsense 'Bearer {secret}' 2>/dev/null; exit 1")

    assert secret not in said
    assert await why_not(f"echo 'not: {secret} !' >&2; exit 1") == (
        "the token command ended with status 1: not: ... !"
    )
    assert secret not in await why_not(f"echo '{secret}' oops")


async def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    names = tmp_path / "names"
    os.mkfifo(names)
    reading = asyncio.ensure_future(asyncio.to_thread(names.read_text))

    async def once_it_runs(seconds: float) -> None:
        await reading

    with pytest.raises(NoToken, match="took longer than 30 s"):
        await printed(f"sleep 600 & echo $$ $! > {names}; wait", once_it_runs)

    for name in (await reading).split():
        await gone(int(name))


async def test_one_that_is_waited_for_no_more_is_ended() -> None:
    begun, others = asyncio.Event(), children()

    async def clock(seconds: float) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(printed("sleep 600", clock))
    await begun.wait()
    (process,) = children() - others
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await gone(process)


async def test_a_daemon_that_it_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    """Though it holds the command's output open; nor is it ended."""
    name = tmp_path / "name"

    found = await printed(f"setsid sleep 600 & echo $! > {name}; echo '{TOKEN}'", never)

    daemon = int(name.read_text())
    os.kill(daemon, 9)  # it was there
    assert found == TOKEN


async def test_it_has_no_terminal() -> None:
    """The screen is the program's: nothing may ask there."""
    assert "status 1" in await why_not("(: < /dev/tty) 2>/dev/null || exit 1; echo terminal")


async def test_time_is_only_up_when_the_clock_says_so() -> None:
    with pytest.raises(NoToken, match="took longer than 30 s"):
        await printed("sleep 600", at_once)


def children() -> set[int]:
    """The processes that this one has started."""
    return {int(name) for name in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def gone(process: int) -> None:
    """Wait until a process is no more (or a zombie that nobody of ours has to bury)."""
    async with asyncio.timeout(30):
        while True:
            try:
                os.kill(process, 0)
                if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                    return
            except (ProcessLookupError, FileNotFoundError):
                return
            await asyncio.sleep(0)
