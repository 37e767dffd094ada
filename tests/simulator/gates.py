"""Gates that answers wait behind until somebody opens them: which call ends first is for no clock to say."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Gates:
    """By name; a gate that was opened stays open."""

    _opened: dict[str, asyncio.Event] = field(default_factory=dict)

    async def pass_through(self, name: str) -> None:
        """Return once this gate is open."""
        await self._gate(name).wait()

    def open(self, name: str) -> None:
        """Let pass all who wait at this gate, and all who are still to come."""
        self._gate(name).set()

    def close(self) -> None:
        """Close all gates to those who are still to come."""
        self._opened.clear()

    def _gate(self, name: str) -> asyncio.Event:
        return self._opened.setdefault(name, asyncio.Event())
