"""A search costs its fee, once it is answered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.perplexity_search import PerplexitySearch

HERE = Endpoint(kind=Kind.INFERENCE, provider="perplexity", host="api.perplexity.ai")
SEARCH = PerplexitySearch()
FOUND = {"id": "s-1", "results": [{"title": "T", "url": "https://a", "snippet": "x" * 9000}] * 20}


def read(body: bytes) -> Report:
    reader = SEARCH.reader(HERE, Asked(), {})
    reader.feed(body)
    assert reader.delivered() == b""
    return reader.report()


def test_an_answer_costs_one_request() -> None:
    """Whatever it found, and however many queries it had."""
    asked = SEARCH.read_request(HERE, {"query": ["a", "b"], "max_results": 20})

    assert asked == Asked(billed=Usage(requests=1))
    assert list(SEARCH.texts({"query": "a"})) == []
    assert read(json.dumps(FOUND).encode()) == Report(usage=Usage(requests=1), id="s-1", complete=True)
    assert read(b'{"results":[]}').usage == Usage(requests=1)


@pytest.mark.parametrize("body", [b'{"error":{"message":"secret","type":"invalid_api_key","code":401}}'])
def test_an_error_costs_nothing(body: bytes) -> None:
    """It is told by its type."""
    assert read(body) == Report(error="invalid_api_key", complete=True)


def test_an_error_is_written_as_its_sdk_reads_it() -> None:
    """As in a chat."""
    assert json.loads(SEARCH.error(403, "no", "limit_reached"))["error"]["message"] == "no"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"error":'):
        assert isinstance(read(opening + body), Report)
