"""What is to be seen of a proxy from outside: its log, and its metrics where somebody may ask for them."""

import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tollway.cli.json_lines import JsonLines
from tollway.cli.log import show_log
from tollway.cli.options import parse_listen
from tollway.cli.written_apart import WrittenApart
from tollway.engine.dialling import Address
from tollway.observe.call_log import log_call
from tollway.observe.loopback import is_loopback
from tollway.observe.measuring import Measuring

if TYPE_CHECKING:
    from tollway.model import CallRecord
    from tollway.proxy import Proxy

TEXT = "%(asctime)s tollway: %(levelname)s %(message)s"


def parse_admin(text: str) -> Address:
    """`HOST:PORT` of this machine. Raises ValueError."""
    host, port = parse_listen(text)
    if not is_loopback(host):
        raise ValueError(
            f"{host!r} can be reached from other machines, and nobody is asked there who they are: write "
            "127.0.0.1, [::1] or localhost"
        )
    return host, port


def log_to_standard_error(form: str) -> WrittenApart:
    """Lead all logs there, as `text` or `json`. Whoever should read it may leave it unread."""
    log = WrittenApart(os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else sys.stderr.fileno())
    show_log(log, level=logging.INFO, form=JsonLines() if form == "json" else TEXT)
    return log


class Observed:
    """One proxy."""

    def __init__(self, log: WrittenApart, log_calls: bool, admin: Address | None) -> None:
        """`log_calls`: a line for each; `admin`: where metrics are asked for, None: nothing is counted."""
        self._log = log
        self._log_calls = log_calls
        self._admin = admin
        self._measuring = None if admin is None else Measuring()

    @property
    def ears(self) -> dict[str, Any]:
        """What a `Setup` has for those who listen."""
        found: dict[str, Any] = {"observe": self._observe}
        if self._measuring is not None:
            found |= {"turned_away": self._measuring.turned_away, "reloaded": self._measuring.reloaded}
        return found

    def _observe(self, call: "CallRecord") -> None:
        if self._measuring is not None:
            self._measuring.observe(call)
        if self._log_calls:
            log_call(call)

    @asynccontextmanager
    async def showing(self, proxy: "Proxy") -> AsyncIterator[str | None]:
        """Answer who asks for metrics; where, as a URL, or None. Raises TollwayError where that can't be."""
        if self._admin is None or self._measuring is None:
            yield None
            return
        from tollway.observe.showing import showing

        async with showing(self._measuring, proxy, *self._admin, lambda: self._log.dropped) as (host, port):
            yield f"http://[{host}]:{port}/metrics" if ":" in host else f"http://{host}:{port}/metrics"
