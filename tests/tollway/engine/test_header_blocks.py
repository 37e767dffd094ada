"""HTTP/2 header blocks: peers read them as they were meant, and what is let through h2 would let through."""

from pathlib import Path

import pytest
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from h2.utilities import HeaderValidationFlags, validate_headers
from hpack import Decoder, NeverIndexedHeaderTuple
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.road import road
from tollway.engine.header_blocks import Compressor, Header, is_plain

NAMES = st.sampled_from(
    [b":status", b":path", b"date", b"x-request-id", b"content-type", b"cookie", b"x-long"]
)
VALUES = st.sampled_from([b"200", b"404", b"/", b"", b"application/json", b"v" * 200, b"w" * 3000, b"\xff"])
HEADERS = st.tuples(NAMES, VALUES)
BLOCKS = st.lists(st.lists(HEADERS, max_size=8), max_size=12)
SIZES = st.sampled_from([0, 60, 300, 4096, 65536])
JSON = [("content-type", "application/json")]
REQUEST = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"a.example"), (b":path", b"/v1")]
RESPONSE = [(b":status", b"200")]
AS_REQUEST = HeaderValidationFlags(False, False, False, False)
AS_RESPONSE = HeaderValidationFlags(True, False, True, False)


@given(BLOCKS, SIZES, st.lists(SIZES, max_size=12))
def test_a_peer_reads_each_block_as_it_was_meant(
    blocks: list[list[Header]], first: int, sizes: list[int]
) -> None:
    """Whatever comes again, whatever the peer remembers, and however often it changes its mind."""
    compressor, peer = Compressor(first), Decoder()
    peer.max_allowed_table_size = 65536

    for number, block in enumerate(blocks):
        for size in sizes[number : number + 2]:
            compressor.header_table_size = size
        assert [(*header,) for header in peer.decode(compressor.encode(block), raw=True)] == block


def test_what_comes_again_is_written_in_a_byte() -> None:
    """From the third time on; the second writes it down in the peer's table."""
    compressor = Compressor(4096)
    block = [*RESPONSE, (b"server", b"cloudflare"), (b"x-region", b"eu")]

    sizes = [len(compressor.encode(block)) for _ in range(4)]

    assert sizes[0] > 20
    assert sizes[2:] == [3, 3]


def test_what_never_comes_again_does_not_push_out_what_does() -> None:
    """A date and an id in each answer, for longer than the table would last."""
    compressor = Compressor(4096)
    for number in range(500):
        block = compressor.encode(
            [*RESPONSE, (b"server", b"cloudflare"), (b"x-request-id", b"%032d" % number)]
        )

    assert len(block) == 2 + 1 + 1 + len(b"x-request-id") + 1 + 32


def test_what_must_never_be_indexed_is_not_whatever_came_before() -> None:
    """RFC 7541, section 6.2.3: those on the way write it so, too."""
    compressor, peer = Compressor(4096), Decoder()
    key = (b"authorization", b"Bearer made-up")
    for _ in range(3):
        peer.decode(compressor.encode([key]))

    (header,) = peer.decode(compressor.encode([NeverIndexedHeaderTuple(*key)]), raw=True)

    assert not header.indexable
    assert (*header,) == key


def accepted(headers: list[Header], flags: HeaderValidationFlags) -> bool:
    """Whether h2 itself takes these headers."""
    try:
        list(validate_headers(headers, flags))
    except ProtocolError:
        return False
    return True


ODD_NAMES = b":path :status :method :protocol te host connection X-Y x:y x".split()
ODD_VALUES = [b"", b"v", b" v", b"v\t", b"a\nb", b"a\0", b"a\r", b"a b", b"trailers", b"a.example"]
ODD = st.lists(st.tuples(st.sampled_from([*ODD_NAMES, b"", b"x y"]), st.sampled_from(ODD_VALUES)), max_size=3)


@given(st.permutations(REQUEST), ODD, ODD, st.booleans())
def test_nothing_is_plain_that_h2_refuses(
    request: list[Header], before: list[Header], after: list[Header], answer: bool
) -> None:
    """What is not plain, h2 looks at itself."""
    headers = [*before, *(RESPONSE if answer else request), *after]
    flags = AS_RESPONSE if answer else AS_REQUEST

    assert not is_plain(headers, flags) or accepted(headers, flags)


@pytest.mark.parametrize(
    ("headers", "flags", "plain"),
    [
        ([*REQUEST, (b"accept", b"*/*"), (b"x-empty", b"")], AS_REQUEST, True),
        ([*RESPONSE, (b"content-type", b"text/event-stream")], AS_RESPONSE, True),
        ([*REQUEST, (b"te", b"trailers")], AS_REQUEST, False),
        ([*REQUEST, (b"host", b"other.example")], AS_REQUEST, False),
        ([*REQUEST[:3], (b":path", b"")], AS_REQUEST, False),
        ([(b":method", b"CONNECT"), *REQUEST[1:]], AS_REQUEST, False),
        ([*REQUEST, (b"Upper", b"x")], AS_REQUEST, False),
        ([*REQUEST, (b"x", b"a\r\nb: c")], AS_REQUEST, False),
        ([*REQUEST, *REQUEST], AS_REQUEST, False),
        ([*RESPONSE, (b"connection", b"close")], AS_RESPONSE, False),
        ([(b"grpc-status", b"0")], AS_RESPONSE._replace(is_trailer=True), False),
        ([], AS_RESPONSE, False),
    ],
)
def test_requests_and_answers_are_plain_as_most_are(
    headers: list[Header], flags: HeaderValidationFlags, plain: bool
) -> None:
    assert is_plain(headers, flags) is plain


async def test_a_client_that_remembers_no_headers_reads_each_of_ours(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """SETTINGS_HEADER_TABLE_SIZE of 0 (RFC 9113, section 6.5.2), over several calls on one connection."""
    async with road(tmp_path, sim) as running:
        client = await running.raw2(CHAT.host)
        client.h2.update_settings({SettingCodes.HEADER_TABLE_SIZE: 0})
        await client.flush()
        answers = [
            await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content))
            for _ in range(4)
        ]
        client.raw.close()

    assert [answer.status for answer in answers] == [200] * 4
    assert all("x-tollway-call" in dict(answer.headers) for answer in answers)
