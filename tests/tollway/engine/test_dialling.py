"""What is dialled for an address, and where clients of other machines may not go."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.engine.dialling import Dialling, Network, Refused, is_inner, parse_connect_to
from tollway.identity.networks import is_loopback

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server on 127.0.0.1 that says its own address, and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(str(writer.get_extra_info("sockname")[0]).encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def reached(dialling: Dialling, host: str, port: int, **how: Any) -> str:
    """What the server at the other end says."""
    async with asyncio.timeout(120):
        reader, writer = await dialling.open((host, port), **how)
        said = await reader.read()
        writer.close()
        await writer.wait_closed()
    return said.decode()


def resolves(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every name resolve to these addresses; the names asked for are kept."""
    asked: list[str] = []

    async def getaddrinfo(host: str, port: int, **how: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port)) for answer in answers]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "ff0e::1",
        "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::10.0.0.1",
        "2002:7f00:1::", "2002:a00:1::1", "5f00::1",
    ],
)  # fmt: skip
def test_an_inner_address_is_one_however_it_is_written(address: str) -> None:
    """Loopback, link-local, private, shared, unspecified, multicast; mapped, translated, 6to4, site-local."""
    assert is_inner(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.169.0.1", "169.253.0.1",
        "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
    ],
)  # fmt: skip
def test_an_address_of_the_internet_is_none(address: str) -> None:
    """Just beside the private blocks too."""
    assert not is_inner(address)


V4 = st.ip_addresses(v=4)


@given(V4)
def test_an_ipv4_address_is_the_same_in_each_of_its_forms(ip: ipaddress.IPv4Address) -> None:
    """Mapped (RFC 4291), behind NAT64 (RFC 6052), 6to4 (RFC 3056)."""
    number = int(ip)
    forms = [number + (0xFFFF << 32), number + (0x64FF9B << 96), (0x2002 << 112) + (number << 80)]

    assert {is_inner(str(ipaddress.IPv6Address(form))) for form in forms} == {is_inner(str(ip))}


@given(st.ip_addresses())
def test_loopback_is_always_inner(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """And so is all that Python calls private."""
    if is_loopback(str(ip)) or ip.is_private or ip.is_link_local:
        mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
        assert is_inner(str(ip)) or (mapped is not None and not is_inner(str(mapped)))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "::1", "::ffff:127.0.0.1"],
)
async def test_a_stranger_does_not_reach_this_machine(port: int, host: str) -> None:
    """By what is dialled, however it is called; the message says what to do."""
    with pytest.raises(OSError, match=re.escape(f"{host} is an inner address")) as refused:
        await reached(Dialling(), host, port, stranger=True)

    assert isinstance(refused.value, Refused)
    assert "`faults: tunnels`" in str(refused.value)


async def test_a_program_of_this_machine_does(port: int) -> None:
    """It could go there without a proxy."""
    assert await reached(Dialling(), "127.0.0.1", port) == "127.0.0.1"


@pytest.mark.parametrize("networks", [["127.0.0.0/8"], ["10.0.0.0/8", "127.0.0.1/32"]])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_network_of_the_policy_is_open_to_strangers(
    port: int, host: str, networks: list[str]
) -> None:
    """`faults: tunnels` names it."""
    tunnels = [ipaddress.ip_network(network) for network in networks]

    assert await reached(Dialling(tunnels=tunnels), host, port, stranger=True) == "127.0.0.1"


@pytest.mark.parametrize(
    ("network", "address", "opened"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "64:ff9b::10.1.2.3", True),
        ("10.0.0.0/8", "192.168.0.1", False),
        ("fd00::/8", "fd00::1", True),
        ("fd00::/8", "fe80::1%eth0", False),
        ("fe80::/10", "fe80::1%eth0", True),
        ("64:ff9b:1::/48", "64:ff9b:1::1", True),
        ("10.0.0.0/8", "8.8.8.8", True),
    ],
)
async def test_a_network_opens_what_lies_in_it(
    monkeypatch: pytest.MonkeyPatch, network: str, address: str, opened: bool
) -> None:
    """IPv4 networks hold the same addresses in IPv6's forms; what is outer needs none."""
    resolves(monkeypatch, address)
    tunnels: list[Network] = [ipaddress.ip_network(network)]

    assert await Dialling(tunnels=tunnels)._outer(("name.example", 443)) == ([address] if opened else [])


async def test_a_name_is_resolved_once_and_dialled_as_it_was_checked(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """A name that changes its mind (DNS rebinding) is refused by the address that it leads to."""
    asked = resolves(monkeypatch, "127.0.0.1")

    with pytest.raises(Refused, match=r"rebinding\.example is an inner address"):
        await reached(Dialling(), "rebinding.example", port, stranger=True)
    assert asked == ["rebinding.example"]


async def test_inner_addresses_of_a_name_are_passed_over(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """One of its addresses is allowed, and that one is dialled."""
    resolves(monkeypatch, "10.0.0.1", "169.254.169.254", "127.0.0.1")

    assert await reached(Dialling(tunnels=[LOOPBACK]), "name.example", port, stranger=True) == "127.0.0.1"


async def test_a_strangers_next_address_is_tried_if_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """Nobody listens on 127.0.0.2."""
    resolves(monkeypatch, "127.0.0.2", "127.0.0.1")

    assert await reached(Dialling(tunnels=[LOOPBACK]), "name.example", port, stranger=True) == "127.0.0.1"


async def test_the_first_failure_is_told_if_no_address_answers(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    """It is no refusal of ours."""
    resolves(monkeypatch, "127.0.0.2", "127.0.0.3")

    with pytest.raises(ConnectionRefusedError, match=r"127\.0\.0\.2"):
        await reached(Dialling(tunnels=[LOOPBACK]), "name.example", port, stranger=True)


@pytest.mark.parametrize("stranger", [False, True])
async def test_a_name_that_does_not_exist_is_an_error_of_the_network(stranger: bool) -> None:
    """`.invalid` never resolves (RFC 6761)."""
    with pytest.raises(socket.gaierror):
        await reached(Dialling(), "host.invalid", 443, stranger=stranger)


@pytest.mark.parametrize(
    "key",
    [("api.openai.com", 443), ("api.openai.com", 0), ("", 443), ("", 0)],
    ids=["exact", "port", "host", "any"],
)
@pytest.mark.parametrize("stranger", [False, True])
async def test_connect_to_dials_in_its_place(port: int, key: tuple[str, int], stranger: bool) -> None:
    """The operator said so: strangers, too, are led there; case does not matter."""
    dialling = Dialling(connect_to={key: ("127.0.0.1", port)})

    assert await reached(dialling, "API.OpenAI.com", 443, stranger=stranger) == "127.0.0.1"


@pytest.mark.parametrize("host", ["api.openai.com", "other.example"])
async def test_what_says_more_goes_first(port: int, host: str) -> None:
    """Exact, then the host, then the port, then any: the rest leads to where nobody listens."""
    order = [(host, 443), (host, 0), ("", 443), ("", 0)]
    for first in range(len(order)):
        nowhere = dict.fromkeys(order[first + 1 :], ("127.0.0.2", port))
        dialling = Dialling(connect_to={**nowhere, order[first]: ("127.0.0.1", port)})
        assert await reached(dialling, host, 443) == "127.0.0.1"


async def test_what_connect_to_does_not_name_is_dialled_as_it_is(port: int) -> None:
    """Another port of the same host, say."""
    dialling = Dialling(connect_to={("127.0.0.1", 443): ("127.0.0.2", 1)})

    assert await reached(dialling, "127.0.0.1", port) == "127.0.0.1"


@pytest.mark.parametrize("stranger", [False, True])
async def test_a_host_that_does_not_answer_is_given_up(stranger: bool) -> None:
    """Whose queue of connections is full, so that the system drops what comes."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        dialling = Dialling(seconds=0.2, tunnels=(LOOPBACK,))

        with pytest.raises(TimeoutError, match=r"no connection in 0\.2 seconds"):
            await dialling.open(address, stranger=stranger)

        for one in waiting:
            one.close()


async def test_a_local_address_is_bound(port: int) -> None:
    """A machine with several chooses one."""
    _, writer = await Dialling().open(("127.0.0.1", port), local=("127.0.0.1", 0))
    bound = writer.get_extra_info("sockname")[0]
    writer.close()

    assert bound == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("api.openai.com:443:127.0.0.1:8443", (("api.openai.com", 443), ("127.0.0.1", 8443))),
        ("API.OpenAI.com:443:Localhost:8443", (("api.openai.com", 443), ("Localhost", 8443))),
        ("[2001:db8::1]:443:[::1]:8443", (("2001:db8::1", 443), ("::1", 8443))),
        ("host:443:127.0.0.1:", (("host", 443), ("127.0.0.1", 443))),
        ("::127.0.0.1:8443", (("", 0), ("127.0.0.1", 8443))),
        (":443:127.0.0.1:8443", (("", 443), ("127.0.0.1", 8443))),
        ("host::127.0.0.1:65535", (("host", 0), ("127.0.0.1", 65535))),
        ("host:0:127.0.0.1:1", (("host", 0), ("127.0.0.1", 1))),
    ],
)
def test_connect_to_is_written_as_curl_has_it(text: str, found: Any) -> None:
    """Empty: any host, any port, the same port."""
    assert parse_connect_to(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "host", "host:443", "host:443:addr", "host:443:addr:1:2", "host:443::8443", ":::", "::::",
        "[::1]",
        "[::1:443:addr:1", "::1]:443:addr:1", "::1:443:addr:1:", "[::1]x:443:addr:1", "ho st:443:addr:1",
    ],
)  # fmt: skip
def test_what_is_no_connect_to_is_refused_with_an_example(text: str) -> None:
    """Brackets that do not close, too few parts, too many, nowhere to go."""
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is not HOST:PORT:ADDR:PORT (for example api")):
        parse_connect_to(text)


@pytest.mark.parametrize(
    "text",
    [
        "h:x:a:1", "h:443:a:x", "h:-1:a:1", "h:443:a:0", "h:443:a:00", "h:65536:a:1", "h:443:a:65536",
        "h:²:a:1",
        "h:443:a:٣", "h::a:", "::a:", "h:0:a:", "h:999999999999:a:1", "h:+1:a:1", "h:1_0:a:1",
    ],
)  # fmt: skip
def test_a_port_is_a_number_that_can_be_dialled(text: str) -> None:
    """An address to dial needs one; ASCII digits only."""
    with pytest.raises(ValueError, match=re.escape(f"{text!r}: a port is a number from 1 to 65535")):
        parse_connect_to(text)


@given(st.text())
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    """With no other error than ValueError, and nothing that can't be dialled."""
    try:
        (host, port), (address, to_port) = parse_connect_to(text)
    except ValueError:
        return
    assert host == host.lower()
    assert address
    assert 0 <= port < 65536
    assert 0 < to_port < 65536


@given(
    st.sampled_from(["", "api.openai.com", "[::1]", "10.0.0.1"]),
    st.integers(1, 65535),
    st.sampled_from(["localhost", "[fd00::1]", "127.0.0.1"]),
    st.integers(1, 65535),
)
def test_what_is_right_is_read_as_it_was_meant(host: str, port: int, address: str, to_port: int) -> None:
    """Brackets are taken off."""
    expected = ((host.strip("[]"), port), (address.strip("[]"), to_port))

    assert parse_connect_to(f"{host}:{port}:{address}:{to_port}") == expected
