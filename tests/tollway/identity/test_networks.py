"""A caller is known by the narrowest network that the address is in."""

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.networks import is_loopback, network_of, networks

CI, LAB, HERE = {"service": "ci", "team": "platform"}, {"team": "lab"}, {"user": "me"}
KNOWN = networks({"10.0.0.0/8": LAB, "10.20.0.0/16": CI, "::1/128": HERE, "2001:db8::/32": LAB})


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("10.20.3.4", ("10.20.0.0/16", CI)),
        ("10.21.0.1", ("10.0.0.0/8", LAB)),
        ("10.20.255.255", ("10.20.0.0/16", CI)),
        ("11.0.0.1", None),
        ("::1", ("::1/128", HERE)),
        ("2001:db8::7", ("2001:db8::/32", LAB)),
        ("2001:db8::7%eth0", ("2001:db8::/32", LAB)),
        ("::ffff:10.20.3.4", ("10.20.0.0/16", CI)),
        ("::ffff:a14:304", ("10.20.0.0/16", CI)),
        ("::10.20.3.4", None),
        ("", None),
        ("/run/tollway.sock", None),
        ("10.20.3", None),
    ],
)
def test_the_longest_prefix_wins(address: str, found: object) -> None:
    assert network_of(KNOWN, address) == found


def test_a_network_of_mapped_addresses_is_the_ipv4_network() -> None:
    """However the operator writes it, and however the address comes."""
    known = networks({"::ffff:10.20.0.0/112": CI})

    assert network_of(known, "10.20.3.4") == ("10.20.0.0/16", CI)
    assert network_of(known, "::ffff:10.20.3.4") == ("10.20.0.0/16", CI)
    assert network_of(known, "10.21.0.1") is None


def test_everything_is_a_network_too() -> None:
    """The last resort; IPv6's does not take in IPv4."""
    assert network_of(networks({"0.0.0.0/0": LAB}), "8.8.8.8") == ("0.0.0.0/0", LAB)
    assert network_of(networks({"::/0": LAB}), "8.8.8.8") is None
    assert network_of(networks({"::fffe:0:0/95": LAB}), "8.8.8.8") is None
    assert network_of(networks({}), "8.8.8.8") is None


@pytest.mark.parametrize("text", ["10.20.0.1/16", "10.20.0.0/33", "ten", "", "10.20.0.0/", "10.20.0.0/-1"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (ipaddress's own messages)
        networks({text: CI})


def test_a_network_is_named_once() -> None:
    """Else which of both counts would be a matter of their order."""
    with pytest.raises(ValueError, match="once more"):
        networks({"10.20.0.0/16": CI, "::ffff:10.20.0.0/112": LAB})


@given(
    st.integers(0, 2**32 - 1), st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)), max_size=9)
)
def test_the_answer_is_the_narrowest_of_all_that_have_the_address(
    address: int, nets: list[tuple[int, int]]
) -> None:
    """Whatever order they were given in."""
    texts = {str(ip_network((a, p), strict=False)) for a, p in nets}
    ip = IPv4Address(address)
    holding = [t for t in texts if ip in ip_network(t)]
    found = network_of(networks({t: {"user": t} for t in texts}), str(ip))

    assert (found and found[0]) == max(holding, key=lambda t: ip_network(t).prefixlen, default=None)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False), ("0.0.0.0", False), ("fe80::1%lo", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::127.0.0.1", False), ("2002:7f00:1::", False), ("localhost", False), ("", False),
    ],
)  # fmt: skip
def test_a_peer_is_local_only_if_its_packets_can_come_from_nowhere_else(address: str, loopback: bool) -> None:
    """Translated addresses are another machine's claims."""
    assert is_loopback(address) is loopback
