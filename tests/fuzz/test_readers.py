"""No request and no answer makes a reader raise or lie: mutated, truncated, reordered, another dialect's."""

from hypothesis import given, note
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fuzz.cases import INFERENCE, Case, cases, headers
from tests.fuzz.claims import holds_of_answer, holds_of_request
from tests.golden.golden import Golden
from tests.golden.road import asked_of, recognised
from tollway.model import Asked, Endpoint
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

dialects = st.sampled_from(sorted(DIALECTS))


def endpoint_of(case: Case, dialect: str | None) -> Endpoint:
    """Where the exchange took place, with a dialect that may be another."""
    endpoint = recognised(case.golden)
    return endpoint if dialect is None else replace(endpoint, dialect=dialect)


@given(case=cases, dialect=st.none() | dialects)
def test_a_request_is_read_whatever_it_is(case: Case, dialect: str | None) -> None:
    """JSON or a form, in whatever state, of its own dialect or another."""
    data = case.changed(case.golden.request)
    note(f"request: {data[:3000]!r}")
    body = parsed(data, case.golden.request_headers["content-type"])

    if body is not None:
        holds_of_request(endpoint_of(case, dialect), body)


@given(case=cases, claimed=headers)
def test_an_answer_is_read_whatever_it_is(case: Case, claimed: dict[str, str] | None) -> None:
    """By its own dialect's reader, even where it lies about what it is."""
    endpoint = endpoint_of(case, None)
    answer = case.changed(case.golden.answer)
    note(f"answer: {answer[:3000]!r}")

    known = case.golden.response_headers if claimed is None else claimed
    holds_of_answer(endpoint, asked_of(case.golden, endpoint), known, answer, case.pieces(answer))


@given(case=cases, claimed=headers, dialect=dialects, stream=st.booleans())
def test_an_answer_is_read_by_the_wrong_reader(
    case: Case, claimed: dict[str, str] | None, dialect: str, stream: bool
) -> None:
    """A provider may answer in another one's format, as gateways do."""
    endpoint = endpoint_of(case, dialect)
    answer = case.changed(case.golden.answer)
    note(f"answer: {answer[:3000]!r}")

    known = case.golden.response_headers if claimed is None else claimed
    holds_of_answer(endpoint, Asked(stream=stream), known, answer, case.pieces(answer))


@given(golden=st.sampled_from(INFERENCE), data=st.binary(max_size=400), dialect=dialects, claimed=headers)
def test_any_bytes_are_read(
    golden: Golden, data: bytes, dialect: str, claimed: dict[str, str] | None
) -> None:
    """Not even JSON."""
    endpoint = replace(recognised(golden), dialect=dialect)

    holds_of_answer(endpoint, Asked(), claimed or {}, data, [data[:7], data[7:]])
