"""A line in the log for each call that ended."""

import logging
from zoneinfo import ZoneInfo

from tollway.model import CallRecord
from tollway.reporting.call_as_json import call_as_json

logger = logging.getLogger("tollway.call")
UTC = ZoneInfo("UTC")
FIELD = "call"
"""Of a record of the log: the call that it is about."""

LONGEST = 200
"""Characters of a value in a line."""


def log_call(call: CallRecord) -> None:
    """Say that it ended. The fields are in the record, for a format that has them; its message is short."""
    logger.info("%s", Short(call), extra={FIELD: call})


class Short:
    """A call in a line, put into words only where somebody writes it."""

    def __init__(self, call: CallRecord) -> None:
        self._call = call

    def __str__(self) -> str:
        known = call_as_json(self._call, UTC)
        who = known["user"] or known["service"] or known["team"]
        said = {
            "who": who, "model": f"{known['provider']}/{known['model']}", "status": known["status"],
            "error": known["error"], "in": known.get("input_tokens"), "out": known.get("output_tokens"),
            "cost_usd": known["cost_usd"], "cache": known["cache"], "ms": known["duration_ms"],
            "did": known["action"],
        }  # fmt: skip
        facts = [f"{name}={shown(value)}" for name, value in said.items() if value is not None]
        return " ".join(["call", known["id"], *facts])


def shown(value: object) -> str:
    """A value of a line: in quotes if it has blanks or quotes, without control characters, and not long."""
    signs = str(value)[:LONGEST]
    said = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in signs)
    return '"' + said.replace('"', "'") + '"' if {" ", '"', "="} & {*said} else said
