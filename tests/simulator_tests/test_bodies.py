"""Bodies: coded, kept and hashed, read slowly."""

import gzip
import hashlib
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator import Scenario, Simulator
from tests.simulator.body import Body
from tests.simulator.client import RawClient
from tests.simulator.coding import ENCODERS, accepts, decode, encode

CODED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def post(body: bytes, extra: str = "") -> bytes:
    head = (
        f"POST /v1/responses HTTP/1.1\r\nHost: api.openai.com\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("stream", [False, True])
async def test_requests_and_answers_may_be_coded(sim: Simulator, coding: str, stream: bool) -> None:
    text = b'{"model":"gpt-5","stream":true}' if stream else b'{"model":"gpt-5"}'
    raw = CODED[coding](text)
    sim.scenario = Scenario(coding=coding)  # type: ignore[arg-type]
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(post(raw, f"Content-Encoding: {coding}\r\nAccept-Encoding: x, {coding};q=0.5\r\n"))
        answer = await client.response()

    seen = sim.seen[0]
    assert (seen.raw, seen.decoded, seen.json["model"], seen.model) == (raw, text, "gpt-5", "gpt-5")
    assert answer.header("content-encoding") == coding
    plain = decode(answer.body, coding)
    assert (b"response.completed" in plain) == stream
    assert b"resp_000000000000000000000001" in plain
    assert (answer.header("content-length") is None) == stream


@pytest.mark.parametrize(("unasked", "coding"), [(False, None), (True, "gzip")])
async def test_codings_that_are_not_accepted(sim: Simulator, unasked: bool, coding: str | None) -> None:
    sim.scenario = Scenario(coding="gzip", coding_unasked=unasked)
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(post(b'{"model":"m"}', "Accept-Encoding: gzip;q=0, br\r\n"))
        answer = await client.response()

    assert answer.header("content-encoding") == coding


@given(st.sampled_from(sorted(ENCODERS)), st.lists(st.binary(max_size=200), max_size=20))
def test_coded_pieces_can_each_be_read_at_once(coding: str, pieces: list[bytes]) -> None:
    coded = list(encode(pieces, coding))

    assert decode(b"".join(coded), coding) == b"".join(pieces)
    assert len(coded) == len(pieces) + 1


def test_codings_are_undone_from_the_right() -> None:
    assert decode(brotli.compress(gzip.compress(b"x")), "gzip, br") == b"x"
    assert decode(zlib.compressobj(wbits=-15).flush(), "deflate") == b""
    with pytest.raises(ValueError, match="unknown coding 'rot13'"):
        decode(b"", "rot13")
    with pytest.raises(ValueError, match="not gzip"):
        decode(b"x", "gzip")


@pytest.mark.parametrize(
    ("header", "yes"),
    [(None, False), ("", False), ("gzip", True), ("*", True), ("br, GZIP;q=0.1", True), ("gzip; q=0", False)],
)
def test_accept_encoding_is_understood(header: str | None, yes: bool) -> None:
    assert accepts(header, "gzip") is yes


@given(st.lists(st.binary(max_size=50)), st.integers(0, 200))
def test_a_body_is_hashed_whole_and_kept_up_to_its_limit(pieces: list[bytes], limit: int) -> None:
    body, everything = Body(limit), b"".join(pieces)

    for piece in pieces:
        body.feed(piece)

    assert (body.size, body.sha256) == (len(everything), hashlib.sha256(everything).hexdigest())
    assert everything.startswith(body.kept)
    assert body.whole == (len(everything) <= limit) == (body.kept == everything)


async def test_slow_reading_pushes_back(sim: Simulator) -> None:
    """At 1 MB/s, a client that sends 20 MB has not sent the half of it when the simulator has read 100 KB."""
    sim.scenario = Scenario(read_rate=1_000_000)
    async with await RawClient.open(sim.address, sim.plain_port, timeout=0.3) as client:
        await client.send(b"POST /v1/files HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n")
        with pytest.raises(TimeoutError):
            await client.send(bytes(20_000_000))

    assert sim.seen[0].body.size < 10_000_000
