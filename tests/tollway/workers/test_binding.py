"""The sockets of all modes, bound before anybody accepts from them."""

import socket
from contextlib import closing

import pytest

from tollway.errors import TollwayError
from tollway.workers.binding import addresses, bound, close, parsed


def has_ipv6() -> bool:
    """Whether this machine has ::1."""
    try:
        with closing(socket.create_server(("::1", 0), family=socket.AF_INET6)):
            return True
    except OSError:
        return False


def test_each_mode_listens_where_it_says_or_where_all_do(unused_tcp_port: int) -> None:
    found = bound(["regular", f"reverse:https://api.openai.com@{unused_tcp_port}"], "127.0.0.1", 0)
    try:
        (first, second) = addresses(found)
        assert first[0] == "127.0.0.1"
        assert first[1] not in (0, unused_tcp_port)
        assert second == ("127.0.0.1", unused_tcp_port)
        for address in (first, second):
            socket.create_connection(address, 60).close()  # the kernel takes it
    finally:
        close(found)
    with socket.socket() as client:
        assert client.connect_ex(first) != 0


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["", "localhost"])
def test_all_addresses_of_a_name_have_the_same_port(host: str) -> None:
    found = bound(["regular"], host, 0)
    try:
        assert len({port for _, port in addresses(found)}) == 1
        families = {each.family for some in found for each in some}
        assert families <= {socket.AF_INET, socket.AF_INET6}
        assert host or families == {socket.AF_INET, socket.AF_INET6}
    finally:
        close(found)


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_an_address_of_ipv6_is_one_of_ipv6_alone() -> None:
    found = bound(["regular"], "::", 0)
    try:
        ((host, port),) = addresses(found)
        assert host == "::"
        socket.create_connection(("::1", port), 60).close()
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", port)) != 0
    finally:
        close(found)


def test_a_port_that_is_taken_is_said_with_the_mode_of_its_own() -> None:
    """And what was bound before is closed."""
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        first, port = free.getsockname()[1], taken.getsockname()[1]
        free.close()
        with pytest.raises(TollwayError, match=rf"can't listen on 127\.0\.0\.1:{port}: another program has "):
            bound([f"regular@{first}", f"regular@{port}"], "127.0.0.1", 0)
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", first)) != 0


def test_a_host_that_is_none_is_said() -> None:
    with pytest.raises(TollwayError, match=r"can't listen on nobody\.invalid:0: "):
        bound(["regular"], "nobody.invalid", 0)


@pytest.mark.parametrize(
    "spec",
    ["regular", "transparent", "socks5", "upstream:http://a:1", "reverse:https://a", "reverse:http://a"],
)
def test_modes_of_tcp_can_be_shared(spec: str) -> None:
    assert parsed(spec).full_spec == spec


@pytest.mark.parametrize("spec", ["dns", "wireguard", "tun", "reverse:http3://a", "reverse:dns://1.1.1.1"])
def test_others_can_not(spec: str) -> None:
    with pytest.raises(TollwayError, match=f"^--mode {spec}: several workers share sockets of TCP only"):
        parsed(spec)
