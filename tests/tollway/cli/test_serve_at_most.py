"""`tollway serve --at-most`: bounds on what clients control."""

import json
import socket

import pytest

from tests.tollway.command import Office
from tests.tollway.several import until

pytestmark = pytest.mark.slow  # it starts a proxy


def test_a_bound_holds_that_is_named(office: Office) -> None:
    words = ("--listen", "127.0.0.1:0", "--format", "json", "--at-most", "connections=1")
    with office.start("serve", *words) as process:
        assert process.stdout is not None
        try:
            address = ("127.0.0.1", json.loads(process.stdout.readline())["port"])
            with socket.create_connection(address) as first:
                first.sendall(
                    b"GET http://tollway.internal/whoami HTTP/1.1\r\nHost: tollway.internal\r\n\r\n"
                )
                assert first.recv(13) == b"HTTP/1.1 200 "
                with socket.create_connection(address) as second:
                    assert closed(second)
            until(lambda: answers(address))
        finally:
            process.terminate()


def closed(client: socket.socket) -> bool:
    """Whether the proxy ended it without a word."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def answers(address: tuple[str, int]) -> bool:
    """Whether there is room again."""
    with socket.create_connection(address) as client:
        try:
            client.sendall(b"GET http://tollway.internal/whoami HTTP/1.0\r\nHost: tollway.internal\r\n\r\n")
            return client.recv(5) == b"HTTP/"
        except OSError:
            return False


def test_what_is_no_bound_is_wrong_use(office: Office) -> None:
    done = office.run("serve", "--at-most", "nothing=1")

    assert done.returncode == 2
    assert "'nothing' is no bound: there are connections, head" in done.stderr
