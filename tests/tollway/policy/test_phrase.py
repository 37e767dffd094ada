"""Pydantic's complaints in words for an operator."""

import pytest

from tollway.policy.phrase import known_keys


@pytest.mark.parametrize(
    ("way", "some"),
    [
        ((), {"version", "faults", "providers"}),
        (("faults",), {"abandoned", "tunnels"}),
        (("providers", 3), {"name", "hosts", "serves"}),
        (("providers", 0, "serves", 1), {"at", "set"}),
        (("providers", 0, "paths", "/v1/x"), {"operation", "dialect"}),
        (("prices", 0), {"from", "until", "discount"}),
    ],
)
def test_known_keys_follow_lists_mappings_and_references(way: tuple[str | int, ...], some: set[str]) -> None:
    """The language's keys are known at every depth."""
    assert some <= known_keys(way)


@pytest.mark.parametrize(
    "way",
    [
        ("version", "x"),
        ("timezone",),
        ("nowhere",),
        ("faults", "batch", 0),
        ("providers", 0, "errors", "x"),
        ("providers", 0, "paths", "/v1", "dialect"),
    ],
)
def test_no_keys_are_known_where_no_mapping_can_be(way: tuple[str | int, ...]) -> None:
    """A scalar has no keys."""
    assert known_keys(way) == frozenset()
