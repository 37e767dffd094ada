"""What one client gets at the most."""

import pytest

from tollway.engine.client_bounds import DEFAULTS, ClientBounds, bounds, parse


def test_what_is_named_is_set_and_the_rest_is_as_it_was() -> None:
    said = [parse(text) for text in ("connections=10", "head=64KB", "head-time=5s", "body=1MB", "idle=2m")]

    assert bounds([*said, parse("body-time=1h")]) == ClientBounds(
        connections=10, head=64_000, head_time=5, body=1_000_000, body_time=3_600, idle=120
    )
    assert bounds([]) == DEFAULTS


def test_what_is_named_twice_is_as_it_was_named_last() -> None:
    assert bounds([parse("idle=2m"), parse("idle=30s")]).idle == 30


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing=1", "'nothing' is no bound: there are connections, head, head-time, body, body-time, idle"),
        ("idle", "'' is no length of time"),
        ("idle=0s", "write 30s, 15m or 1h"),
        ("head=1GB", "write 64KB or 256MB"),
        ("connections=many", "'many' is no number from 1 on"),
    ],
)
def test_what_is_no_bound_is_told_with_what_is_one(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)
