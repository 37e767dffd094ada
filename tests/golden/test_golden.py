"""Every golden exchange is recognised, metered and priced to the token and the nano-dollar."""

import ast
import io
import operator
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.golden.golden import Golden, golden_files
from tests.golden.har import har
from tests.golden.road import asked_of, book, fed, reader_of, recognised, registry
from tollway.model import USAGE_FIELDS, Asked, Endpoint, Kind, Report
from tollway.money import nano, usd
from tollway.recorded.call import as_json
from tollway.recorded.file import Recording
from tollway.recorded.pricing import price

ALL = golden_files()
INFERENCE = [golden for golden in ALL if golden.is_inference]
PIECES = (1, 7, 61, 1000)
"""How long the pieces are that an answer is cut into."""

OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def each(found: list[Golden] | tuple[Golden, ...]) -> pytest.MarkDecorator:
    """One case for each file, by its name."""
    return pytest.mark.parametrize("golden", found, ids=[golden.name for golden in found])


def metered(golden: Golden) -> tuple[Endpoint, Asked, Report]:
    endpoint = recognised(golden)
    asked = asked_of(golden, endpoint)
    return endpoint, asked, fed(reader_of(golden, endpoint, asked), [golden.answer])


def worked_out(sum: str) -> Decimal:
    """The value of a sum as the files have them: numbers, + - * / and brackets, without any rounding."""

    def value(node: ast.expr) -> Decimal:
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        assert isinstance(node, ast.Constant), ast.dump(node)
        return Decimal(ast.get_source_segment(sum, node) or "")

    return value(ast.parse(sum, mode="eval").body)


@each(ALL)
def test_an_exchange_is_recognised(golden: Golden) -> None:
    """Host, path and method say whose it is, and whether it is inference, free, or may cost."""
    endpoint, expected = recognised(golden), golden.expected

    assert (endpoint.kind, endpoint.provider, endpoint.operation) == (
        Kind(expected["kind"]),
        expected["provider"],
        expected["operation"],
    )


@each(INFERENCE)
def test_a_request_is_read(golden: Golden) -> None:
    """Its model and whether it streams are what the client wrote."""
    endpoint, asked, _ = metered(golden)

    assert (asked.model or endpoint.model) == golden.expected["model"]
    assert (asked.stream or endpoint.stream is True) == golden.expected["stream"]


@each(INFERENCE)
def test_usage_is_metered_exactly(golden: Golden) -> None:
    """A field too many is as wrong as one that is missing."""
    _, _, report = metered(golden)

    assert (report.usage.known() if report.usage else {}) == golden.expected["usage"]
    assert report.model == golden.expected["served"]


@each(INFERENCE)
@pytest.mark.parametrize("size", PIECES)
def test_any_cutting_is_read_the_same(golden: Golden, size: int) -> None:
    """Where the network cuts an answer changes nothing that is known of it."""
    endpoint, asked, report = metered(golden)
    answer = golden.answer

    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]

    assert fed(reader_of(golden, endpoint, asked), pieces) == report


@each(INFERENCE)
def test_what_a_cut_answer_did_not_say_is_not_claimed(golden: Golden) -> None:
    """Wherever it breaks off: it is complete only with the usage and the cost that it has as a whole."""
    endpoint, asked, whole = metered(golden)
    reader = reader_of(golden, endpoint, asked)

    for piece in re.findall(rb'[^]}"\d\n]*.?', golden.answer, re.DOTALL):  # what ends nothing changes nothing
        reader.feed(piece)
        start = reader.report()
        assert start.cost_nano in (None, whole.cost_nano)
        assert not start.complete or (whole.complete and start.usage in (None, whole.usage))


@each(ALL)
def test_an_exchange_is_priced_to_the_nano_dollar(golden: Golden) -> None:
    """As `tollway price` does it, field by field; what is estimated costs something."""
    expected = golden.expected

    (call,) = price(Recording(io.BytesIO(har(golden))), registry(), book(), now_us=0)

    found = as_json(call)
    assert (found["provider"], found["metered"]) == (expected["provider"], golden.is_inference)
    assert found["billing"] == expected.get("billing", "metered")
    if golden.is_inference:
        assert found["model"] == (expected["model"] or expected["served"])
        assert found["cost_source"] == expected["cost_source"]
    if expected.get("cost_source") == "estimated":
        assert call.record is not None
        assert call.record.cost.nano > 0
    elif golden.is_inference:
        assert found["usage"] == expected["usage"]
        assert (found["cost_usd"], found["flags"]) == (expected["cost_usd"], expected.get("flags", []))


@each(INFERENCE)
def test_a_sum_comes_to_the_cost(golden: Golden) -> None:
    """The arithmetic beside a cost is that cost."""
    expected = golden.expected

    if (sum := expected.get("sum")) is None:
        assert expected["cost_usd"] in (None, "0")
    else:
        assert usd(nano(worked_out(sum))) == expected["cost_usd"]


@each(ALL)
def test_a_file_is_sound(golden: Golden) -> None:
    """It says who documents its shape, and names its usage by our vocabulary."""
    assert golden.document["source"]
    assert set(golden.expected.get("usage", {})) <= set(USAGE_FIELDS)
    assert golden.name.startswith(golden.expected["provider"]), "<provider>-<shape>.json"
