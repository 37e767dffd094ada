"""Tollway's own road for a recorded exchange, without a proxy: recognise, read, meter, price."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.corpus.exchanges import Recorded
from tollway.model import Asked, Cost, Endpoint, Kind, Report
from tollway.prices import PriceBook, Priced
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.wire import DIALECTS

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""When the exchanges are priced; their own times are not recorded."""

SMALL = 4000
"""Bytes of an answer that is read byte by byte, too."""


class Metered(NamedTuple):
    """What the road makes of one exchange."""

    endpoint: Endpoint | None
    asked: Asked = Asked()
    reports: tuple[Report, ...] = ()
    """Of the answer whole, and of the answer cut in several ways."""
    cost: Cost = Cost()
    delivered: bytes = b""
    """The texts of the answer, for an estimate."""
    texts: tuple[str, ...] = ()
    """The texts of the request, likewise."""

    @property
    def inference(self) -> bool:
        return self.endpoint is not None and self.endpoint.kind is Kind.INFERENCE

    @property
    def model_asked(self) -> str | None:
        return self.asked.model or (self.endpoint.model if self.endpoint else None)

    @property
    def usage(self) -> dict[str, int]:
        """The fields reported of the whole answer."""
        return self.reports[0].usage.known() if self.reports and self.reports[0].usage else {}


@cache
def registry() -> Registry:
    """The providers as for recorded traffic: a region that no list has (`test-location`) is a region."""
    return load(open_regions=True)


@cache
def book() -> PriceBook:
    return PriceBook()


def road(exchange: Recorded) -> Metered:
    """The whole road; whatever it raises is a defect of ours."""
    url = urlsplit(exchange.row["uri"])
    path = f"{url.path}?{url.query}" if url.query else url.path
    endpoint = recognise(registry(), exchange.host, 443, exchange.method, path)
    if endpoint is None or endpoint.kind is not Kind.INFERENCE:
        return Metered(endpoint)
    dialect = DIALECTS[endpoint.dialect]
    body = exchange.asked
    asked = dialect.read_request(endpoint, body) if body else Asked()
    reports = []
    for pieces in cuts(exchange.answer, exchange.n):
        reader = dialect.reader(endpoint, asked, exchange.headers)
        for piece in pieces:
            reader.feed(piece)
        reports.append(reader.report())
    cost = price(endpoint, asked, reports[0])
    return Metered(endpoint, asked, tuple(reports), cost, reader.delivered(), tuple(dialect.texts(body)))


def cuts(body: bytes, seed: int) -> Sequence[list[bytes]]:
    """The body whole; in pieces as networks bring them; at odd places, the same in each run; by the byte."""
    odd = random.Random(seed)
    ends = sorted({0, len(body), *(odd.randrange(len(body) + 1) for _ in range(9))})
    at_odd = [body[a:b] for a, b in pairwise(ends)]
    found = [body], [body[i : i + 1371] for i in range(0, len(body), 1371)], at_odd
    return found if len(body) > SMALL else (*found, [bytes([byte]) for byte in body])


def price(endpoint: Endpoint, asked: Asked, report: Report) -> Cost:
    return book().price(
        Priced(
            provider=endpoint.provider,
            host=endpoint.host,
            operation=endpoint.operation,
            model_asked=asked.model or endpoint.model,
            report=report,
            tier_asked=asked.tier,
            at=AT,
        )
    )
