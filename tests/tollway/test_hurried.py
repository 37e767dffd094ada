"""A connection gives up in time, at every step of its way."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTP_PORT, HTTPConnection

import pytest

from tollway.hurried import connection


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_says_nothing_is_not_waited_for(silent: int, scheme: str) -> None:
    """Nor with TLS, where it is the handshake that has no answer."""
    link = connection(scheme, "127.0.0.1", silent, lambda: 0.05)

    with pytest.raises(TimeoutError):
        ask(link)
    link.close()


def test_without_time_nobody_is_even_dialled(silent: int) -> None:
    with pytest.raises(TimeoutError):
        ask(connection("http", "127.0.0.1", silent, lambda: 0.0))


def ask(link: HTTPConnection) -> None:
    link.request("GET", "/")
    link.getresponse()


def test_what_is_no_tls_is_not_believed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(1)
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ssl.SSLError):
            ask(connection("https", "127.0.0.1", server.getsockname()[1], lambda: 5.0))
        thread.join()


@pytest.mark.parametrize(
    ("scheme", "host"), [("ftp", "a"), ("", "a"), ("http", ""), ("https", ""), ("file", "")]
)
def test_what_is_no_host_or_not_by_http_has_none(scheme: str, host: str) -> None:
    with pytest.raises(ValueError, match="neither http nor https"):
        connection(scheme, host, None, lambda: 1.0)


def test_the_port_of_an_address_is_not_looked_for_in_it() -> None:
    link = connection("http", "::1", None, lambda: 1.0)

    assert (link.host, link.port) == ("::1", HTTP_PORT)
