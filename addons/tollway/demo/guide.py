"""Who tells what happens in a tour."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

PACE = 0.6
"""Seconds between what is said, in a terminal: time to read it."""


class Guide:
    """Says what happens, no faster than it can be read; at once where nobody sits before it."""

    def __init__(self, console: "Console", sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._console = console
        self._sleep = sleep
        self._pace = PACE if console.is_terminal else 0.0

    async def say(self, text: "str | Text" = "", beats: float = 1) -> None:
        """A line or several, and time to read them."""
        self._console.print(text)
        await self._sleep(beats * self._pace)

    @asynccontextmanager
    async def watching(self, what: str, beats: float = 0) -> AsyncIterator[None]:
        """Show that something goes on, from some time before it is done."""
        with self._console.status(f"[dim]{what}[/dim]"):
            await self._sleep(beats * self._pace)
            yield

    def command(self, words: str) -> None:
        """A command whose output follows."""
        self._console.print(f"\n[dim]$[/dim] {words}\n")
