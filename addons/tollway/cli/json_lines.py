"""The log as JSON, an object a line: for programs that collect logs."""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from tollway.cli.log import OneLine
from tollway.observe.call_log import FIELD
from tollway.observe.call_log import UTC as ZONE
from tollway.reporting.call_as_json import call_as_json
from tollway.reporting.visible import visible

LONGEST = 1_000
"""Characters of a text; a longer one, as callers may call a model, is cut off."""


class JsonLines(logging.Formatter):
    """`docs/logs.md` has the fields."""

    def __init__(self, worker: int | None = None) -> None:
        """`worker`: the number of this process among several."""
        super().__init__()
        self._worker = {} if worker is None else {"worker": worker}
        self._words = OneLine("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {"at": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        said |= self._worker
        call = getattr(record, FIELD, None)
        if call is not None:
            said |= {"event": "call", **call_as_json(call, ZONE)}
        else:
            said |= {"event": "log", "logger": record.name, "message": self._words.format(record)}
        return visible(orjson.dumps(sound(said)).decode())


def sound(value: Any) -> Any:
    """As a line can have it: texts cut off, and with question marks for what UTF-8 does not have."""
    if isinstance(value, str):
        said = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
        return said if said.isascii() else said.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {sound(name): sound(each) for name, each in value.items()}
    return [sound(each) for each in value] if isinstance(value, list) else value
