"""Logging our own failures: where, and of what type; never with what data.

The text of an exception may quote what it was given (mitmproxy's own assertions quote whole events), and
that may be a prompt or a key.
"""

import logging
import sys
import traceback


def log_failure(logger: logging.Logger, what: str) -> None:
    """Log the exception being handled: its type and the way to it, without its text."""
    kind, error, _ = sys.exc_info()
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    way = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames[-8:]))
    logger.error("%s: %s in %s", what, kind.__name__ if kind else "nothing", way)
