"""Tunnels through a proxy, and handshakes in them."""

import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from tests.tollway.identified import basic
from tests.tollway.proxies import answer, saying
from tests.tollway.road import Road
from tests.tollway.symptoms.ways import HOST, over_tls, way
from tollway.symptoms.tunnel import LARGEST_HEAD, NoTunnel, status_of, unchecked


async def test_a_tunnel_leads_to_the_host_with_its_certificate_checked(road: Road) -> None:
    async with way(road.proxy.url).tunnel(HOST, road.trust()) as inside:
        shown = x509.load_der_x509_certificate(inside.certificate)
        head = await inside.ask(f"HEAD / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())

    assert shown.subject.rfc4514_string() == f"CN={HOST}"
    assert status_of(head) is not None


async def test_what_is_not_trusted_is_refused_unless_nothing_is_checked(road: Road) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        async with way(road.proxy.url).tunnel(HOST, ssl.create_default_context()):
            pass
    async with way(road.proxy.url).tunnel(HOST, unchecked()) as inside:
        assert inside.certificate


async def test_a_proxy_over_tls_is_checked_first_and_a_tunnel_within_leads_on(
    road: Road, tmp_path: Path
) -> None:
    async with over_tls(road, tmp_path / "front") as (url, root):
        async with way(url, root).tunnel(HOST, road.trust()) as inside:
            assert inside.certificate
        with pytest.raises(ssl.SSLCertVerificationError):
            await way(url).connect()
        with pytest.raises(ssl.SSLCertVerificationError):
            async with way(url, root).tunnel(HOST, ssl.create_default_context()):
                pass


async def test_the_proxy_is_shown_what_its_url_says() -> None:
    async with saying(answer(407, "who?")) as other:
        with pytest.raises(NoTunnel, match="it answered CONNECT with status 407"):
            async with way(other.url.replace("://", "://jwt:made-up@")).tunnel(HOST, unchecked()):
                pass

    (head,) = other.heads
    assert head.startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n")
    assert f"Proxy-Authorization: {basic('jwt', 'made-up')}\r\n" in head


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "it answered CONNECT with what is no HTTP"),
        (b"220 mail.example ESMTP\r\n", "it answered CONNECT with what is no HTTP"),
        (b"SSH-2.0-x\r\n\r\n", "it answered CONNECT with what is no HTTP"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "it answered CONNECT with status 502"),
        (b"x" * (2 * LARGEST_HEAD), "it answered CONNECT with what is no HTTP"),
    ],
    ids=["silent", "mail", "ssh", "502", "huge"],
)
async def test_what_opens_no_tunnel_is_named(said: bytes, why: str) -> None:
    async with saying(said) as other:
        with pytest.raises(NoTunnel, match=why):
            async with way(other.url).tunnel(HOST, unchecked()):
                pass


async def test_each_address_of_a_name_is_tried_and_the_systems_word_is_kept() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(ConnectionRefusedError):
            await way(f"http://localhost:{taken.getsockname()[1]}").connect()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1 200 OK\r\n", 200),
        (b"HTTP/1.0 407\r\n", 407),
        (b"HTTP/1.1 20\r\n", None),
        (b"HTTP/1.1 abc\r\n", None),
        (b"SSH-2.0 200\r\n", None),
        (b"", None),
    ],
)
def test_the_status_of_a_head_is_read(head: bytes, status: int | None) -> None:
    assert status_of(head) == status
