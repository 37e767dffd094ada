"""The PROXY protocol's header: whose connection it is, and which bytes are no header."""

import struct
from ipaddress import ip_address
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.proxy_header import (
    LONGEST_LINE,
    SIGNATURE,
    Ends,
    ProxyHeader,
    ProxyHeaderError,
    begins_header,
)

CLIENT, REACHED = ("192.0.2.7", 40000), ("198.51.100.1", 8080)
CLIENT_6, REACHED_6 = ("2001:db8::7", 40000), ("2001:db8::1", 8080)
LARGEST = 16 + 0xFFFF
"""Bytes of a header, with all that may stand beside its addresses."""


def fed(data: bytes) -> tuple[Ends | None, bytes]:
    """What a header says, and what is behind it."""
    header = ProxyHeader()
    while header.wants:
        assert len(data) >= header.wants, "it wants more than a header has"
        piece, data = data[: header.wants], data[header.wants :]
        header.feed(piece)
    return header.ends, data


def binary(kind: int, body: bytes, command: int = 0x21) -> bytes:
    """A header of version 2."""
    return SIGNATURE + struct.pack(">BBH", command, kind, len(body)) + body


def version_2(ends: Ends) -> bytes:
    """Of TCP."""
    both = ip_address(ends.client[0]), ip_address(ends.reached[0])
    ports = struct.pack(">HH", ends.client[1], ends.reached[1])
    return binary(0x11 if both[0].version == 4 else 0x21, both[0].packed + both[1].packed + ports)


def version_1(ends: Ends) -> bytes:
    """Of TCP."""
    family = f"TCP{ip_address(ends.client[0]).version}"
    words = "PROXY", family, ends.client[0], ends.reached[0], str(ends.client[1]), str(ends.reached[1])
    return " ".join(words).encode() + b"\r\n"


PORTS = st.integers(0, 0xFFFF)


def connections(version: Literal[4, 6]) -> st.SearchStrategy[Ends]:
    """Any, of TCP over an IP of this version."""
    address = st.ip_addresses(v=version).map(str)
    return st.builds(Ends, st.tuples(address, PORTS), st.tuples(address, PORTS))


ENDS = connections(4) | connections(6)


@given(ENDS, st.binary(max_size=50))
def test_both_versions_say_the_same_of_any_connection_and_keep_what_follows(said: Ends, rest: bytes) -> None:
    assert fed(version_1(said) + rest) == (said, rest)
    assert fed(version_2(said) + rest) == (said, rest)


@given(st.one_of(st.binary(), st.binary().map(SIGNATURE.__add__), st.binary().map(b"PROXY ".__add__)))
def test_any_bytes_are_a_header_or_none_and_nothing_else_happens(data: bytes) -> None:
    data += bytes(LARGEST)  # it never waits for more than the largest one has
    try:
        fed(data)
    except ProxyHeaderError:
        pass


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 8080\r\n", Ends(CLIENT, REACHED)),
        (b"PROXY TCP6 2001:db8::7 2001:DB8::1 40000 8080\r\n", Ends(CLIENT_6, REACHED_6)),
        (b"PROXY UNKNOWN\r\n", None),
        (b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", None),
        (version_2(Ends(CLIENT, REACHED)), Ends(CLIENT, REACHED)),
        (version_2(Ends(CLIENT_6, REACHED_6)), Ends(CLIENT_6, REACHED_6)),
        (binary(0x00, b"", command=0x20), None),
        (binary(0x11, b"\0" * 12, command=0x20), None),
        (binary(0x12, b"\0" * 12, command=0x20), None),
        (binary(0x00, b""), None),
        (binary(0x31, b"/run/haproxy.sock".ljust(216, b"\0")), None),
    ],
    ids=["v1 4", "v1 6", "v1 unknown", "v1 unknown with words", "v2 4", "v2 6", "v2 local",
         "v2 local with addresses", "v2 local of another protocol", "v2 unspecified", "v2 unix"],
)  # fmt: skip
def test_a_header_says_whose_connection_it_is_or_that_it_is_the_balancers_own(
    data: bytes, said: Ends | None
) -> None:
    assert fed(data + b"GET") == (said, b"GET")


def test_what_version_2_says_beyond_addresses_is_passed_over() -> None:
    addresses = version_2(Ends(CLIENT, REACHED))[16:]
    more = b"\x03\x00\x04\x12\x34\x56\x78" + b"\x20\x10\x00" + b"x" * 4096

    assert fed(binary(0x11, addresses + more) + b"CONNECT") == (Ends(CLIENT, REACHED), b"CONNECT")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"CONNECT api.openai.com:443 HTTP/1.1\r\n", "begins with something else"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00", "begins with something else"),
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 8080\n", "not one of version 1"),
        (b"PROXY TCP4  192.0.2.7 198.51.100.1 40000 8080\r\n", "not one of version 1"),
        (b"PROXY TCP5 192.0.2.7 198.51.100.1 40000 8080\r\n", "not one of version 1"),
        (b"PROXY UDP4 192.0.2.7 198.51.100.1 40000 8080\r\n", "not one of version 1"),
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n", "not one of version 1"),
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 -1 8080\r\n", "not one of version 1"),
        (b"PROXY UNKNOWNS\r\n", "not one of version 1"),
        (b"PROXY TCP4 192.0.2.777 198.51.100.1 40000 8080\r\n", "an address"),
        (b"PROXY TCP4 2001:db8::7 2001:db8::1 40000 8080\r\n", "an address"),
        (b"PROXY TCP6 192.0.2.7 198.51.100.1 40000 8080\r\n", "an address"),
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 65536 8080\r\n", "a port"),
        (b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 99999\r\n", "a port"),
        (b"PROXY UNKNOWN " + b"x" * LONGEST_LINE, "longer than 107 bytes"),
        (binary(0x11, b"\0" * 12, command=0x11), "version and command 0x11"),
        (binary(0x11, b"\0" * 12, command=0x22), "version and command 0x22"),
        (binary(0x12, b"\0" * 12), "family and protocol 0x12"),
        (binary(0x41, b"\0" * 12), "family and protocol 0x41"),
        (binary(0x11, b"\0" * 11), "no room"),
        (binary(0x21, b"\0" * 35), "no room"),
        (binary(0x21, b""), "no room"),
    ],
)  # fmt: skip
def test_what_is_no_header_is_said_without_its_bytes(data: bytes, why: str) -> None:
    with pytest.raises(ProxyHeaderError, match=why) as raised:
        fed(data)

    assert "192.0.2" not in str(raised.value)
    assert "openai" not in str(raised.value)


def test_the_longest_line_of_version_1_fits() -> None:
    widest = "ffff:" * 7 + "ffff"
    line = f"PROXY UNKNOWN {widest} {widest} 65535 65535\r\n".encode()

    assert len(line) == LONGEST_LINE
    assert fed(line) == (None, b"")


@given(ENDS)
def test_a_header_is_known_by_how_it_begins(said: Ends) -> None:
    assert begins_header(version_1(said)[:6])
    assert begins_header(version_2(said)[:12])


@pytest.mark.parametrize(
    "data", [b"", b"PROXY", b"CONNECT a:443 HTTP/1.1", b"\r\n\r\nGET / HTTP/1.1", b"\x16\x03\x01"]
)
def test_nothing_else_is_taken_for_one(data: bytes) -> None:
    assert not begins_header(data)
