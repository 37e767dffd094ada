"""No request and no answer makes what is shown of it raise, or differ by how it was cut."""

import orjson
from hypothesis import given, note
from hypothesis import strategies as st

from tests.fuzz.cases import Case, cases, headers
from tests.golden.road import recognised
from tollway.inspection import Answer, as_text, read_request
from tollway.wire import DIALECTS

dialects = st.none() | st.sampled_from(sorted(DIALECTS))
kinds = st.sampled_from(["", "application/json", "multipart/form-data; boundary=golden-boundary"])
names = st.sampled_from(
    "messages content role type text input parts tools tool_calls function name arguments thinking"
    " source data image_url choices delta message candidates output item index candidates error response"
    " steps results contentBlockDelta output_index embeddings content_block reasoning summary document images"
    " audio".split()
)
types = st.sampled_from(
    "text image document thinking tool_use tool_result function_call web_search_call message reasoning"
    " refusal response.output_item.done response.output_text.delta content_block_start"
    " content_block_delta".split()
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(names, values | types, max_size=6)


@given(case=cases, dialect=dialects, kind=kinds)
def test_any_request_can_be_shown(case: Case, dialect: str | None, kind: str) -> None:
    """By its own dialect or another, or none."""
    body = case.changed(case.golden.request)
    note(f"request: {body[:3000]!r}")

    as_text(read_request(dialect, body, kind or case.golden.request_headers["content-type"]))


@given(case=cases, claimed=headers, own=st.booleans(), dialect=dialects)
def test_any_answer_can_be_shown(
    case: Case, claimed: dict[str, str] | None, own: bool, dialect: str | None
) -> None:
    """Whatever it claims to be, and wherever it is cut."""
    body = case.changed(case.golden.answer)
    note(f"answer: {body[:3000]!r}")
    known = case.golden.response_headers if claimed is None else claimed
    of, media = recognised(case.golden).dialect if own else dialect, known.get("content-type", "")
    whole, cut = Answer(of, media), Answer(of, media)

    whole.feed(body)
    for piece in case.pieces(body):
        cut.feed(piece)
        cut.conversation()

    assert cut.conversation() == whole.conversation()
    as_text(whole.conversation())


@given(value=objects, dialect=dialects)
def test_any_members_can_be_shown(value: dict[str, object], dialect: str | None) -> None:
    """Members of the right names, and values of any type."""
    body = orjson.dumps(value)
    answer = Answer(dialect, "application/json")
    answer.feed(body)

    as_text(read_request(dialect, body).followed_by(answer.conversation()))
