"""Which calls a filter shows: `user:ann model:opus 529`, words that all have to match."""

from tollway.model import CallRecord

FIELDS = (
    "user", "team", "role", "service", "program", "session", "provider", "model", "status", "state", "action",
    "error", "operation", "id",
)  # fmt: skip
"""What a word may name before a colon."""


def matches(call: CallRecord, filter: str) -> bool:
    """Whether a call is shown: each word is in a field that it names, or in any; case does not matter.

    A word whose beginning is no field's name is looked for as it stands, colon and all.
    """
    return all(_matches(call, word) for word in filter.lower().split())


def _matches(call: CallRecord, word: str) -> bool:
    name, colon, value = word.partition(":")
    if colon and name in FIELDS:
        return value in _text(call, name)
    return any(word in _text(call, field) for field in FIELDS)


def _text(call: CallRecord, name: str) -> str:
    value = getattr(call, name)
    asked = f" {call.model_asked}" if name == "model" and call.model_asked else ""
    return ("" if value is None else f"{value}{asked}").lower()
