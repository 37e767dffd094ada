"""A file is known by its first bytes, and read as far as it goes."""

import gzip
import io
import json
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.test import tflow

from tests.tollway.recorded.samples import entry, har, har_bytes
from tests.tollway.recorded.test_flows import http_flow, written
from tollway.errors import TollwayError
from tollway.recorded import file
from tollway.recorded.exchange import Damaged, Entry, Other, Recorded
from tollway.recorded.file import Recording

HAR = har_bytes(entry(), entry("https://example.com/"))
FLOWS = [written(http_flow()), written(tflow.ttcpflow()), written(http_flow())]


def read(data: bytes) -> tuple[list[Entry], str | None]:
    """The entries, and what is wrong beside them."""
    recording = Recording(io.BytesIO(data))
    return list(recording), recording.note


def refusal(data: bytes) -> str:
    with pytest.raises(TollwayError) as raised:
        read(data)
    return str(raised.value)


@pytest.mark.parametrize(
    "written",
    [
        lambda data: data,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\r\n  " + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        gzip.compress,
        zlib.compress,
        lambda data: zlib.compress(data, 9),
        zstandard.compress,
        lambda data: gzip.compress(b"\xef\xbb\xbf" + data),
    ],
    ids=[
        "plain",
        "BOM",
        "space",
        "UTF-16",
        "UTF-16BE",
        "gzip",
        "zlib",
        "mitmproxy's .zhar",
        "zstd",
        "gzip with BOM",
    ],
)
@pytest.mark.parametrize("chunk", [64, 2**20])
def test_a_har_is_known_however_it_is_written(
    written: Callable[[bytes], bytes], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "CHUNK", chunk)
    found, note = read(written(HAR))

    assert [one.url for one in found] == [entry()["request"]["url"], "https://example.com/"]
    assert all(isinstance(one, Recorded) for one in found)
    assert note is None


@pytest.mark.parametrize("compress", [lambda data: data, gzip.compress], ids=["plain", "gzip"])
def test_flows_are_known(compress: Callable[[bytes], bytes]) -> None:
    found, note = read(compress(b"".join(FLOWS)))

    assert [type(one) for one in found] == [Recorded, Other, Recorded]
    assert note is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty, or not compressed as it begins"),
        (b" \n ", "is empty, or not compressed as it begins"),
        (b"\x1f\x8bno gzip", "is empty, or not compressed as it begins"),
        (b"{}", "is JSON, but no HAR: it has no log.entries"),
        (b'{"log": {"entries": null}}', "is JSON, but no HAR: it has no log.entries"),
        (b"[]", "is JSON, but no HAR: it has no log.entries"),
        (b'{"log": {"entr', "breaks off before its entries"),
        (b"\x89PNG\r\n\x1a\n", "is neither a HAR nor a file of mitmproxy's flows: it is a PNG image"),
        (
            b"PK\x03\x04",
            "is neither a HAR nor a file of mitmproxy's flows: it is a ZIP archive (unpack it first)",
        ),
        (bytes(range(128, 256)), "is neither a HAR nor a file of mitmproxy's flows"),
        (b"2026 was a year", "is neither a HAR nor a file of mitmproxy's flows"),
        (b"12", "is neither a HAR nor a file of mitmproxy's flows"),
        (b"x" * 1000, "is neither a HAR nor a file of mitmproxy's flows"),
    ],
)
def test_a_file_that_is_damaged_as_a_whole_is_refused(data: bytes, said: str) -> None:
    assert refusal(data) == said


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_anything_is_read_or_refused(data: bytes) -> None:
    with suppress(TollwayError):
        assert read(data)[0] is not None


@given(st.data())
def test_of_a_har_that_breaks_off_the_whole_entries_are_read(data: st.DataObject) -> None:
    """An entry that is cut is an entry, and damaged; a cut between two is noted."""
    entries = [entry(), entry("https://example.com/"), entry()]
    text = json.dumps(har(*entries)).encode()
    start = text.index(b'"entries": [') + len(b'"entries": [')
    size = data.draw(st.integers(start, len(text) - 1))
    spans, at = [], start
    for one in entries:
        begins = text.index(json.dumps(one).encode(), at)
        at = begins + len(json.dumps(one).encode())
        spans.append((begins, at))
    found, note = read(text[:size])
    whole = sum(end <= size for _, end in spans)
    is_cut = any(begins < size < end for begins, end in spans)

    assert all(isinstance(one, Recorded) for one in found[:whole])
    assert found[whole:] == ([Damaged(reason="breaks off: the file ends in it")] if is_cut else [])
    assert (note is not None) == (not is_cut and size <= text.index(b"]}}", at))


@given(st.data())
def test_of_flows_that_break_off_the_whole_ones_are_read(data: st.DataObject) -> None:
    text = b"".join(FLOWS)
    size = data.draw(st.integers(len(FLOWS[0]), len(text)))
    ends = [len(b"".join(FLOWS[: n + 1])) for n in range(3)]
    found, note = read(text[:size])
    whole = sum(end <= size for end in ends)

    assert len(found) == whole + (size not in ends)
    assert not any(isinstance(one, Damaged) for one in found[:whole])
    assert note is None


def test_a_corrupt_tail_of_flows_is_an_entry_and_the_rest_is_read() -> None:
    found, _ = read(FLOWS[0] + FLOWS[1] + b"garbage" * 9)

    assert [type(one) for one in found] == [Recorded, Other, Damaged]
    assert found[2] == Damaged(reason="is no flow, nor can any behind it be found")


def test_a_corrupt_flow_amid_others_is_an_entry_and_the_rest_is_read() -> None:
    corrupt = FLOWS[0].replace(b"timestamp_start", b"timestamp_stqrt")
    found, _ = read(FLOWS[0] + corrupt + FLOWS[2])

    assert [type(one) for one in found] == [Recorded, Damaged, Recorded]


def test_an_entry_that_is_no_json_is_one_and_the_rest_is_read() -> None:
    found, _ = read(har_bytes(entry(), entry()).replace(b'"cache": {}', b'"cache" {}', 1))

    assert found[0] == Damaged(reason="is no JSON")
    assert isinstance(found[1], Recorded)


def test_what_breaks_off_between_entries_is_noted() -> None:
    text = har_bytes(entry())
    one = text[: text.index(b"]}}", len(json.dumps(entry())))]

    assert read(one)[1] == "breaks off after 1 entry"
    assert read(har_bytes()[:-3])[1] == "breaks off after 0 entries"


def test_an_entry_that_is_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tollway.recorded.entries import Entries

    monkeypatch.setattr(file, "Entries", lambda: Entries(longest=2000))
    found, _ = read(har_bytes(entry(), entry(answer="x" * 5000)))

    assert isinstance(found[0], Recorded)
    assert found[1] == Damaged(reason="is too long")


def test_a_compressed_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    entries = [entry(number=str(n) * n) for n in range(50)]
    found, note = read(gzip.compress(har_bytes(*entries), 0)[:-9000])

    assert len(found) > 10
    assert isinstance(found[0], Recorded)
    assert isinstance(found[-1], Damaged) or note
