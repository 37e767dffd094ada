"""Addresses as URLs."""

import pytest

from tollway.addresses import url


@pytest.mark.parametrize(
    ("host", "said"), [("127.0.0.1", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")]
)
def test_an_address_of_ipv6_is_in_brackets(host: str, said: str) -> None:
    assert url(host, 8080) == said
