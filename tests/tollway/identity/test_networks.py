"""A caller is known by the narrowest network that the address is in."""

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.networks import network_of, networks

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
