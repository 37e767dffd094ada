"""Who tells a tour."""

import io

from rich.console import Console

from tollway.demo.guide import PACE, Guide


def console(terminal: bool) -> tuple[Console, io.StringIO]:
    """A console, and what it is written on."""
    paper = io.StringIO()
    return Console(file=paper, force_terminal=terminal, width=80, highlight=False), paper


async def at_once(seconds: float) -> None:
    """For a test that reads fast."""


async def test_what_is_said_is_there_at_once_where_nobody_reads_along() -> None:
    """A pipe does not wait."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    made, paper = console(terminal=False)
    guide = Guide(made, sleep)

    await guide.say("[bold]one[/bold]", beats=5)
    async with guide.watching("it goes on", beats=5):
        await guide.say("two")
    guide.command("tollway report")
    await guide.say()

    assert paper.getvalue() == "one\ntwo\n\n$ tollway report\n\n\n"
    assert not any(slept)


async def test_in_a_terminal_it_is_seen_that_something_goes_on() -> None:
    """And no longer once it is done: the cursor is back."""
    made, paper = console(terminal=True)
    guide = Guide(made, at_once)

    async with guide.watching("it goes on"):
        assert paper.getvalue().endswith("\x1b[?25l") or "it goes on" in paper.getvalue()

    assert "it goes on" in paper.getvalue()
    assert paper.getvalue().count("\x1b[?25l") == paper.getvalue().count("\x1b[?25h") == 1


async def test_a_terminal_is_given_time_to_read() -> None:
    """As many beats as are asked for."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    made, _ = console(terminal=True)
    guide = Guide(made, sleep)

    await guide.say("one")
    await guide.say("two", beats=0)
    async with guide.watching("three", beats=2):
        pass

    assert slept == [PACE, 0, 2 * PACE]
