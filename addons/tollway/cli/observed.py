"""What is to be seen of a proxy from outside: its log, and its admin address."""

import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tollway.cli.json_lines import JsonLines
from tollway.cli.log import show_log
from tollway.cli.written_apart import WrittenApart
from tollway.observe.call_log import log_call
from tollway.observe.door import Entrance
from tollway.observe.measuring import Measuring
from tollway.observe.place import Place

if TYPE_CHECKING:
    from tollway.model import CallRecord
    from tollway.observe.readying import Readying

TEXT = "%(asctime)s tollway: %(levelname)s %(message)s"


def log_to_standard_error(form: str, worker: int | None = None, lock: int | None = None) -> WrittenApart:
    """Lead all logs there, as `text` or `json`. Whoever should read it may leave it unread.

    `worker`: the number of this process among several, in each line; `lock`: see `WrittenApart`.
    """
    fd = os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else sys.stderr.fileno()
    log = WrittenApart(fd, lock=lock)
    text = TEXT if worker is None else TEXT.replace("tollway:", f"tollway: worker {worker}:")
    show_log(log, level=logging.INFO, form=JsonLines(worker) if form == "json" else text)
    return log


class Observed:
    """One proxy."""

    def __init__(
        self, log: WrittenApart, log_calls: bool, admin: Entrance | None, counts: bool = False
    ) -> None:
        """`log_calls`: a line for each; `admin`: where one asks how it is; None: nowhere, and nothing is
        counted, unless it `counts` for somebody else who is asked."""
        self._log = log
        self._log_calls = log_calls
        self._admin = admin
        self.measuring = None if admin is None and not counts else Measuring()
        """What counts; None: nothing does."""

    def log_dropped(self) -> int:
        """Lines of the log that were not written."""
        return self._log.dropped

    @property
    def ears(self) -> dict[str, Any]:
        """What a `Setup` has for those who listen."""
        found: dict[str, Any] = {"observe": self._observe}
        if self.measuring is not None:
            found |= {
                "turned_away": self.measuring.turned_away,
                "unread": self.measuring.unread,
                "discovered": self.measuring.discovered,
                "reloaded": self.measuring.reloaded,
            }
        return found

    def _observe(self, call: "CallRecord") -> None:
        if self.measuring is not None:
            self.measuring.observe(call)
        if self._log_calls:
            log_call(call)

    @asynccontextmanager
    async def showing(
        self, readying: "Readying", budgets: Callable[[], bytes]
    ) -> AsyncIterator[Place | None]:
        """Answer who asks how it is; where, or None. Raises TollwayError where that can't be."""
        if self._admin is None or self.measuring is None:
            yield None
            return
        from tollway.observe.showing import showing

        async with showing(self._admin, self.measuring, readying, budgets, self.log_dropped) as place:
            yield place
