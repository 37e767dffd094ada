"""What a rule may ask of a call beside its model."""

from datetime import UTC, datetime
from typing import Any

from tollway.routing.circumstances import Circumstances


def of(body: dict[str, Any]) -> Circumstances:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Circumstances(attributes={}, at=at, size=1, stream=False, body=body)


def test_tools_and_images_are_those_of_the_body() -> None:
    """Which those are, test_contents has."""
    plain, full = of({"messages": []}), of({"tools": [{}], "messages": [{"content": [{"type": "image"}]}]})

    assert (plain.has_tools, plain.has_images) == (False, False)
    assert (full.has_tools, full.has_images) == (True, True)


def test_no_prompt_is_seen_in_logs() -> None:
    assert "secret" not in repr(of({"messages": "secret"}))
