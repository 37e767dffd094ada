"""Addresses of network cards."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize("address", ["3c:22:fb:9a:01:7e", "3C-22-FB-9A-01-7E", "52:54:00:9d:0e:67"])
def test_six_pairs_are_one(address: str) -> None:
    """With colons, or with hyphens."""
    assert found(f"link/ether {address} brd", "mac") == [(address, Tier.CERTAIN)]
    assert found(rf"x\n{address}\n", "mac") == [(address, Tier.CERTAIN)]


@pytest.mark.parametrize(
    "text",
    [
        "ff:ff:ff:ff:ff:ff",
        "01:00:5e:7f:00:01",
        "00:00:5e:00:53:af",
        "00:11:22:33:44:55",
        "aa:bb:cc:dd:ee:ff",
        "54:54:54:9d:9d:9d",
        "3c:22:fb:9a:01",
        "3c:22:fb:9a:01:7e:55",
        "3c:22-fb:9a:01:7e",
        "3c-22:fb:9a:01:7e",
        "x3c:22:fb:9a:01:7e",
        "3c:22:fb:9a:01:7ex",
    ],
)
def test_a_group_an_example_or_something_longer_is_none(text: str) -> None:
    """Broadcast, multicast, RFC 7042, what counts or repeats, a fingerprint."""
    assert found(text, "mac") == []
