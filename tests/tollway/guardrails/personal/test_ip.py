"""Addresses of the internet."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "151.101.1.69", "2a00:1450:4001:81b::200e", "2620:0:862:ed1a::1"]
)
def test_a_public_address_is_generic_and_certain_where_it_is_named(address: str) -> None:
    """Four numbers may be a version."""
    assert found(f"see {address}.", "ip") == [(address, Tier.GENERIC)]
    assert found(f"client_addr={address} 200", "ip") == [(address, Tier.CERTAIN)]


def test_a_small_address_has_to_be_named() -> None:
    """Each part below 32: a section, or a version."""
    assert found("4.12.7.9 Results", "ip") == []
    assert found("from 4.12.7.9", "ip") == [("4.12.7.9", Tier.CERTAIN)]


def test_an_address_of_a_url_ends_where_its_port_begins() -> None:
    """Or its path."""
    assert found("http://93.184.216.34:8080/x", "ip") == [("93.184.216.34", Tier.GENERIC)]
    assert found("[2a00:1450:4001:81b::200e]:443", "ip") == [("2a00:1450:4001:81b::200e", Tier.GENERIC)]


@pytest.mark.parametrize(
    "text",
    [
        "host 10.1.2.3",
        "host 127.0.0.1",
        "host 192.168.7.9",
        "host 172.16.99.4",
        "host 100.64.9.9",
        "host 169.254.3.4",
        "host 192.0.2.44",
        "host 203.0.113.80",
        "host 239.1.2.3",
        "host 8.8.8.8",
        "host 1.2.3.4",
        "host 42.42.42.42",
        "host 300.1.2.3",
        "host 93.084.216.34",
        "host 93.184.216.34.5",
        "host v93.184.216.34",
        "host version 93.184.216.34",
        "host==93.184.216.34",
        "host 2001:db8::7",
        "host 3fff::7",
        "host 2606:4700:4700::1111",
        "host 2000:aaa::1",
        "host 2a00::1::2",
        "host 2a00:1450:4001",
        "host fe80::1",
        "host ::1",
        "at 2026:11:29",
    ],
)
def test_what_is_nobodys_or_no_address_is_none(text: str) -> None:
    """Private, for documentation, everybody's resolver, not given out, a version."""
    assert found(text, "ip") == []
