"""Texts for tests."""

from typing import Any

from tests.tollway.ledger.samples import NOON_US
from tollway.texts.store import Text

__all__ = ["DAY_US", "NOON_US", "text"]
DAY_US = 86_400_000_000


def text(call: str = "c1", part: Any = "request", body: bytes | None = b'{"a": 1}', **other: Any) -> Text:
    """A text of a call, to be kept for a day from noon on."""
    said: dict[str, Any] = {
        "rule": "record[0]",
        "kept_us": NOON_US,
        "until_us": NOON_US + DAY_US,
        "dialect": "openai_chat",
        "media_type": "application/json",
        "size": len(body or b""),
    }
    return Text(call=call, part=part, body=body, **{**said, **other})
