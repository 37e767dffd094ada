"""What holds of every request and every answer, whatever bytes they were."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.golden.road import book
from tollway.model import USAGE_FIELDS, Asked, Cost, Endpoint, Report, Usage
from tollway.prices import Priced
from tollway.prices.cost import MAX_PART
from tollway.wire import DIALECTS
from tollway.wire.counts import MOST
from tollway.wire.delivered import LIMIT

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONGEST = 256
"""Characters of a name from outside that are kept."""
ERRORS = 64
"""Characters of an error's type."""
DEAREST = 2 * 10**18
"""Nano-dollars that a provider may claim: two figures are added at most. What is priced is less."""

_NUMBERS = re.compile(rb"\d+")


def holds_of_request(endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
    """Reading a request raises nothing, and what was read is within bounds."""
    dialect = DIALECTS[endpoint.dialect]
    asked = dialect.read_request(endpoint, body)
    assert all(type(text) is str for text in dialect.texts(body))
    for name in (asked.model, asked.tier, asked.session):
        assert name is None or (type(name) is str and 0 < len(name) <= LONGEST), name
    assert asked.max_output_tokens is None or 0 <= asked.max_output_tokens <= MOST
    assert type(asked.stream) is bool
    if asked.billed is not None:
        holds_of_usage(asked.billed, MOST)
    return asked


def holds_of_answer(
    endpoint: Endpoint, asked: Asked, headers: Mapping[str, str], answer: bytes, pieces: Sequence[bytes]
) -> Report:
    """Reading an answer raises nothing, wherever it is cut; what it says is within bounds."""
    dialect = DIALECTS[endpoint.dialect]
    whole, cut = dialect.reader(endpoint, asked, headers), dialect.reader(endpoint, asked, headers)
    whole.feed(answer)
    for piece in pieces:
        cut.feed(piece)
        cut.report()
    report = whole.report()
    assert cut.report() == report, "the cuts changed it"
    assert cut.report() == report, "asking changed it"
    assert cut.delivered() == whole.delivered(), "the cuts changed its texts"
    assert len(whole.delivered()) <= LIMIT + 6 * len(answer)
    holds_of_report(report, answer, asked)
    holds_of_cost(price(endpoint, asked, report))
    return report


def holds_of_report(report: Report, answer: bytes, asked: Asked) -> None:
    """Counts are counts, names are names, and portions come to the whole."""
    most = MOST * (1 + len(_NUMBERS.findall(answer)))
    if report.usage is not None:
        holds_of_usage(report.usage, most)
    for portion in report.portions:
        holds_of_usage(portion.usage, most)
        assert portion.model is None or 0 < len(portion.model) <= LONGEST
    if report.portions:
        assert report.usage is not None
        assert within(report.usage, (portion.usage for portion in report.portions))
    for name in (report.model, report.tier, report.speed, report.geo, report.id):
        assert name is None or (type(name) is str and 0 < len(name) <= LONGEST), name
    assert report.error is None or 0 < len(report.error) <= ERRORS, report.error
    assert report.cost_nano is None or (type(report.cost_nano) is int and 0 <= report.cost_nano <= DEAREST)
    assert type(report.complete) is bool


def holds_of_usage(usage: Usage, most: int) -> None:
    """Every count is None, or an integer from 0 to what so many counts can come to."""
    for name in USAGE_FIELDS:
        n = getattr(usage, name)
        assert n is None or (type(n) is int and 0 <= n <= most), (name, n)


def within(whole: Usage, parts: Iterable[Usage]) -> bool:
    """Whether no field of the whole is less than its parts come to."""
    known = [part.known() for part in parts]
    return all(
        (getattr(whole, name) or 0) >= sum(part.get(name, 0) for part in known) for name in USAGE_FIELDS
    )


def holds_of_cost(cost: Cost) -> None:
    """No part is negative, or more than the ledger takes."""
    for part in (
        cost.input_nano,
        cost.cache_read_nano,
        cost.cache_write_nano,
        cost.output_nano,
        cost.other_nano,
    ):
        assert type(part) is int
        assert 0 <= part <= MAX_PART, part


def price(endpoint: Endpoint, asked: Asked, report: Report) -> Cost:
    """What the report is worth."""
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
