"""`tollway.inspection.as_json`: values as text."""

from typing import Any

import pytest

from tollway.inspection.as_json import as_json

DEEP: list[Any] = []
for _ in range(400):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        (b"file", "[no JSON]"),
        (DEEP, "[no JSON]"),
    ],
)
def test_a_value_as_text(value: object, text: str) -> None:
    """A text as it is, JSON as JSON, and what can't be written says so."""
    assert as_json(value) == text
