"""One question, one answer, over real sockets."""

import asyncio
import gc
import logging
from contextlib import suppress

import pytest

from tests.tollway.observe.asking import (
    GET,
    TEXT,
    ask,
    ended_without_an_answer,
    listening,
    listening_at,
    pages_of,
)
from tollway.observe.answering import LARGEST
from tollway.observe.door import Door, door


async def test_the_metrics_are_told_in_prometheus_format() -> None:
    async with listening() as port:
        status, headers, body = await ask(port)

    assert (status, body) == (200, TEXT)
    assert headers == {
        "content-type": "text/plain; version=0.0.4; charset=utf-8",
        "content-length": str(len(TEXT)),
        "connection": "close",
    }


async def test_a_question_for_the_head_alone_has_no_body_and_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with listening() as port:
        status, headers, body = await ask(port, GET.replace(b"GET", b"HEAD"))
    gc.collect()  # a task that failed says so when it goes

    assert (status, headers["content-length"], body) == (200, str(len(TEXT)), b"")
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (GET.replace(b"/metrics", b"/metrics?name=x"), 200),
        (GET.replace(b"127.0.0.1:9464", b"localhost"), 200),
        (GET.replace(b"127.0.0.1:9464", b"evil.example:9464"), 403),
        (GET.replace(b"Host: 127.0.0.1:9464", b"Hostess: 127.0.0.1"), 400),
        (b"GET /metrics HTTP/1.0\r\n\r\n", 403),
        (GET.replace(b"/metrics", b"/"), 404),
        (GET.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\nabc"), 405),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /metrics\r\n\r\n", 400),
        (GET[:-2] + b"X: " + b"x" * 2 * LARGEST + b"\r\n\r\n", 431),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_is_asked_otherwise_is_answered_with_a_status_and_a_sentence(
    request_: bytes, status: int
) -> None:
    async with listening() as port:
        found, _, body = await ask(port, request_)

        assert found == status
        assert body.endswith(b"\n")
        assert (await ask(port))[0] == 200


async def test_a_request_without_an_end_is_answered_before_all_of_it_is_there() -> None:
    """A hundred megabytes are announced, and sent as long as anybody takes them."""
    head = b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n"
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)

        answer = await reader.read()
        writer.close()

    assert answer.startswith(b"HTTP/1.1 405 ")


async def test_a_text_that_can_not_be_made_is_said_with_its_place_and_not_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails() -> bytes:
        raise ValueError("sk-made-up-key")

    with caplog.at_level(logging.ERROR):
        async with listening(fails) as port:
            status, _, body = await ask(port)

    assert (status, b"failed" in body) == (500, True)
    assert "the metrics could not be told: ValueError in fails" in caplog.text
    assert "sk-made-up-key" not in caplog.text


async def test_a_client_that_says_nothing_is_left_after_a_while() -> None:
    async with listening(seconds=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        assert await ended_without_an_answer(reader)
        writer.close()


async def test_a_client_that_reads_nothing_is_left_after_a_while() -> None:
    """Of 50 MB some lie in buffers of the system; the rest is gone with the connection."""

    async def large() -> bytes:
        return b"x" * 50_000_000

    async with listening(large, seconds=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)
        writer.write(GET)
        await ended(port)
        got = 0
        with suppress(ConnectionResetError):
            while some := await reader.read(2**20):
                got += len(some)
        writer.close()

    assert got < 50_000_000


async def ended(port: int) -> None:
    """Wait until a connection that began now has come to its end, as all before it have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await ended_without_an_answer(reader)
    writer.close()


async def test_a_client_that_leaves_leaves_nothing_behind() -> None:
    async with listening() as port:
        for sent in (b"", b"GET /met", GET):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            writer.transport.abort()

        assert (await ask(port))[0] == 200


TOKEN = "made-up-token-of-32-characters-x"
PROBE = GET.replace(b"/metrics", b"/healthz")
ANYWHERE = ("127.0.0.1", 0)


def showing(request: bytes, *lines: str) -> bytes:
    """A request with more headers."""
    return request[:-2] + "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


async def answered(door: Door, request: bytes) -> tuple[int, dict[str, str], bytes]:
    async with listening_at(ANYWHERE, pages_of(door=door)) as place:
        assert isinstance(place, tuple)
        return await ask(place[1], request)


async def test_who_shows_the_token_is_answered_whatever_name_is_asked() -> None:
    request = GET.replace(b"127.0.0.1:9464", b"proxy.example:9464")

    status, _, body = await answered(
        door(ANYWHERE, TOKEN), showing(request, f"Authorization: Bearer {TOKEN}")
    )

    assert (status, body) == (200, TEXT)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Authorization: Bearer",),
        (f"Authorization: Bearer {TOKEN}x",),
        (f"Authorization: Bearer {TOKEN[:-1]}",),
        (f"Authorization: Basic {TOKEN}",),
        (f"Authorization: {TOKEN}",),
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer other"),
        (f"Proxy-Authorization: Bearer {TOKEN}",),
    ],
)
async def test_who_does_not_hears_nothing_not_even_what_there_is(lines: tuple[str, ...]) -> None:
    for path in (b"/metrics", b"/healthz", b"/", b"/budgets"):
        status, headers, body = await answered(
            door(ANYWHERE, TOKEN), showing(GET.replace(b"/metrics", path), *lines)
        )
        assert (status, body) == (401, b"show the token: Authorization: Bearer TOKEN\n")
        assert headers["www-authenticate"] == 'Bearer realm="tollway"'


async def test_probes_may_be_open_to_all_and_then_say_yes_or_no_alone() -> None:
    open_door = door(ANYWHERE, TOKEN, open_probes=True)

    assert (await answered(open_door, PROBE))[2] == b"yes\n"
    known = showing(PROBE, f"authorization: bearer {TOKEN}")
    assert (await answered(open_door, known))[2] == b"yes, and more\n"
    assert (await answered(open_door, GET))[0] == 401


async def test_a_load_balancer_on_this_machine_need_name_nobody() -> None:
    """HAProxy's `option httpchk` is HTTP/1.0 without a host; a browser always names one."""
    async with listening() as port:
        assert (await ask(port, b"GET /healthz HTTP/1.0\r\n\r\n"))[0] == 200
        assert (await ask(port, PROBE.replace(b"127.0.0.1", b"evil.example")))[0] == 403


async def test_no_answer_is_for_pages_of_other_origins() -> None:
    async with listening() as port:
        for request in (GET, PROBE, GET.replace(b"GET", b"OPTIONS")):
            _, headers, _ = await ask(port, showing(request, "Origin: https://evil.example"))
            assert not [name for name in headers if name.startswith("access-control")]
