"""A document comes whole, or a reason why there is none: soon, whatever the server does."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import pytest

from tests.simulator import Simulator
from tests.tollway.issuers.provider import Provider
from tollway.issuers.fetch import Fetched, fetch


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=300", 300),
        ("public, max-age=19845, must-revalidate", 19845),
        ('Max-Age="60"', 60),
        ("no-store", None),
        ("s-maxage=5", None),
        ("", None),
    ],
)
def test_a_document_comes_with_the_time_that_it_stays_true(
    provider: Provider, header: str, seconds: int | None
) -> None:
    provider.headers = {"cache-control": header}

    assert fetch(provider.jwks, 10_000) == Fetched(body=provider.keys, max_age=seconds)


def test_no_more_is_read_than_was_asked_for(provider: Provider) -> None:
    provider.keys = b"x" * 1_000_000

    found = fetch(provider.jwks, 1000)

    assert isinstance(found, Fetched)
    assert len(found.body) == 1001


@pytest.mark.parametrize("status", [301, 404, 500, 503])
def test_no_other_status_is_a_document(provider: Provider, status: int) -> None:
    """Nor is any other place."""
    provider.status, provider.headers = status, {"location": provider.issuer + "/elsewhere"}

    assert fetch(provider.jwks, 1000) == f"it answered with status {status}"
    assert provider.asked == ["/keys"]


def test_no_proxy_is_asked(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")

    assert isinstance(fetch(provider.jwks, 10_000), Fetched)


def test_where_nobody_listens_there_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    assert "can't be reached" in str(fetch(f"http://127.0.0.1:{port}/", 1000))


def test_who_answers_late_is_not_waited_for(provider: Provider) -> None:
    late = threading.Event()
    provider.before = late.wait

    assert fetch(provider.jwks, 1000, seconds=0.05) == "it took longer than 0.05 s"
    late.set()


@contextmanager
def dripping(*pieces: bytes) -> Iterator[str]:
    """The URL of a server that sends all but the last of these, and then the last again and again."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(4096)
                connection.sendall(b"".join(pieces[:-1]))
                while not ended.wait(0.001):
                    connection.sendall(pieces[-1])

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        ended.set()
        thread.join()


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (b"H",),
        (HEAD, b"x"),
        (HEAD, b"x: y\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (HEAD, b"content-length: 1000000\r\n\r\n", b"x"),
        (HEAD, b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD, b"transfer-encoding: chunked\r\n\r\n", b"1;"),
    ],
    ids=["status", "header", "headers", "1xx", "body", "chunks", "chunk"],
)
def test_who_sends_a_byte_now_and_then_is_not_waited_for(pieces: tuple[bytes, ...]) -> None:
    """Each look at this clock is a second later: five reads, and no more."""
    seconds = count()

    with dripping(*pieces) as url:
        found = fetch(url, 2_000_000, seconds=5, clock=lambda: float(next(seconds)))

    assert isinstance(found, str)
    assert found.startswith(("it took longer than 5 s", "it can't be read: "))
    assert next(seconds) <= 7


def test_a_document_without_end_is_read_as_far_as_was_asked() -> None:
    """A gigabyte would be, too."""
    with dripping(HEAD, b"\r\n", b"x" * 100_000) as url:
        found = fetch(url, 1_000_000)

    assert isinstance(found, Fetched)
    assert len(found.body) == 1_000_001


@pytest.mark.parametrize(
    "said", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\nhalf", b""]
)
def test_what_is_no_http_is_no_document(said: bytes) -> None:
    """Or only half of it."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        found = fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", 1000, seconds=5)
        thread.join()

    assert isinstance(found, str) or found.body == b"half"


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "nonsense", "http://", "http://[::1", "file:///etc/passwd"]
)
def test_what_is_no_address_has_none(url: str) -> None:
    found = fetch(url, 1000)

    assert isinstance(found, str), url


async def test_a_certificate_is_believed_only_if_the_systems_roots_vouch_for_it(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://localhost:{sim.port}/v1/models"

    assert "its certificate is not trusted" in str(await asyncio.to_thread(fetch, url, 100_000))
    monkeypatch.setattr("tollway.hurried.system_roots", lambda: sim.root_ca)
    assert isinstance(await asyncio.to_thread(fetch, url, 100_000), Fetched)
