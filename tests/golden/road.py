"""The first steps of a golden exchange's road, one by one: recognise, read, meter."""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from tests.golden.golden import Golden
from tollway.model import Asked, Endpoint, Report
from tollway.prices import PriceBook
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.wire import DIALECTS
from tollway.wire.dialect import Reader
from tollway.wire.request_body import parsed


@cache
def registry() -> Registry:
    """The package's table of providers."""
    return load()


@cache
def book() -> PriceBook:
    """The package's prices."""
    return PriceBook()


def recognised(golden: Golden) -> Endpoint:
    """What its host and path say of it."""
    url = urlsplit(golden.document["uri"])
    port = url.port or (443 if url.scheme == "https" else 80)
    path = f"{url.path}?{url.query}" if url.query else url.path
    endpoint = recognise(registry(), url.hostname or "", port, golden.document["method"], path)
    assert endpoint is not None, f"{golden.name}: nobody's host"
    return endpoint


def asked_of(golden: Golden, endpoint: Endpoint) -> Asked:
    """What its request asks for."""
    body = parsed(golden.request, golden.request_headers["content-type"])
    return Asked() if body is None else DIALECTS[endpoint.dialect].read_request(endpoint, body)


def reader_of(golden: Golden, endpoint: Endpoint, asked: Asked) -> Reader:
    """A new reader of its answer."""
    return DIALECTS[endpoint.dialect].reader(endpoint, asked, golden.response_headers)


def fed(reader: Reader, pieces: Iterable[bytes]) -> Report:
    """What a reader reports of an answer that came in these pieces."""
    for piece in pieces:
        reader.feed(piece)
    return reader.report()
