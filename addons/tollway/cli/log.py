"""What the process says meanwhile, on standard error: one line each, without what calls carried."""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator

MOST = 20
"""Different messages that are held; how many came beyond them is counted."""

ENGINES = ("mitmproxy", "hpack", "h2", "asyncio", "httpx", "httpcore", "urllib3")
"""Loggers of others: of these only what is wrong is said."""


class OneLine(logging.Formatter):
    """A record as one line. Of an exception its type and place: its text may quote a prompt or a key."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        return " ".join(super().format(record).split())

    def formatException(self, info: object) -> str:
        """The type, and where it was raised."""
        error = info[1] if isinstance(info, tuple) else None
        if not isinstance(error, BaseException):
            return ""
        frames = traceback.extract_tb(error.__traceback__)
        where = f" in {frames[-1].name} ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
        return f"{type(error).__name__}{where}"


class Held(logging.Handler):
    """Keeps messages while a program has the terminal; each is said once, however often it came."""

    def __init__(self) -> None:
        super().__init__()
        self._times: Counter[str] = Counter()
        self._beyond = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep or count it."""
        message = self.format(record)
        if message in self._times or len(self._times) < MOST:
            self._times[message] += 1
        else:
            self._beyond += 1

    def lines(self) -> Iterator[str]:
        """What there is to say."""
        for message, times in self._times.items():
            yield message if times == 1 else f"{message} ({times} times)"
        if self._beyond:
            yield f"and {self._beyond} more messages"


def show_log(handler: logging.Handler, *, level: int, form: str | logging.Formatter) -> None:
    """Lead all logs into this handler, as lines of this form (of `logging`)."""
    handler.setFormatter(OneLine(form, "%Y-%m-%d %H:%M:%S") if isinstance(form, str) else form)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ENGINES:
        logging.getLogger(name).setLevel(logging.WARNING)
