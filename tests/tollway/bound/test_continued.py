"""What an answer reported bounds a request that goes on from it, and where that is not claimed."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.bound.bound import Bound
from tollway.bound.capacity import Capacity
from tollway.bound.continued import DIALECT, continued, goes_on_from, is_told, left, mark
from tollway.bound.prefix import SEAM
from tollway.bound.table import bound_of
from tollway.model import Asked, Endpoint, Kind

FACTS = ("openai", "m")
WINDOW = Capacity(context=1_000_000, max_output=1_000)
SEES = Capacity(context=1_000_000, max_output=1_000, image=2_000)
ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h", operation="chat", dialect=DIALECT)
PICTURE = [{"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,AA"}]}]
FETCHED = [{"role": "user", "content": [{"type": "input_image", "image_url": "https://a.example/x.png"}]}]


def body(input: Any = "Go on.", **more: Any) -> dict[str, Any]:
    return {"model": "m", "input": input, "previous_response_id": "resp_1", **more}


def known(asked: Mapping[str, Any], told: int = 5_000) -> dict[bytes, int]:
    return {mark("resp_1", asked, *FACTS): told}


def plain(asked: Mapping[str, Any], capacity: Capacity = WINDOW) -> Bound:
    """The bound of the request by itself."""
    bound = bound_of(ENDPOINT, Asked(max_output_tokens=10), asked, capacity)
    assert isinstance(bound, Bound), bound
    return bound


def nothing(mark: bytes) -> None:
    """No answer is known."""


def tight(asked: Mapping[str, Any], told: int = 5_000, capacity: Capacity = WINDOW) -> int | None:
    """The input of the bound, once the answer before has told."""
    bound = plain(asked, capacity)
    found = continued(DIALECT, bound, asked, known(asked, told).get, capacity, *FACTS)
    assert (found is bound) == (found.usage.input_tokens == bound.usage.input_tokens)
    return found.usage.input_tokens


def test_what_is_new_comes_on_top_of_what_was_told() -> None:
    found = tight(body())

    assert found is not None
    assert 5_000 + SEAM + len("Go on.") <= found < 5_000 + SEAM + 100


def test_an_answer_leaves_what_was_read_and_twice_what_it_wrote() -> None:
    assert left(100, 20) == 140


def test_a_picture_comes_on_top_where_its_most_is_known() -> None:
    assert (tight(body(PICTURE), capacity=SEES) or 0) > 7_000
    assert tight(body(PICTURE), capacity=WINDOW) == 1_000_000


@pytest.mark.parametrize(
    "asked",
    [
        body(truncation="auto"),
        body([{"type": "item_reference", "id": "msg_1"}]),
        body(tools=[{"type": "web_search"}], max_tool_calls=1),
        {"model": "m", "input": "Hello"},
    ],
)
def test_nothing_is_claimed_where_more_may_be_read(asked: dict[str, Any]) -> None:
    assert tight(asked) == plain(asked).usage.input_tokens


def test_what_is_larger_than_the_bound_is_not_taken() -> None:
    assert tight(body(), told=2_000_000) == 1_000_000


def test_an_unknown_answer_tells_nothing() -> None:
    bound = plain(body())

    assert continued(DIALECT, bound, body(), nothing, WINDOW, *FACTS) is bound


def test_refusals_leave_a_bound_as_it_is() -> None:
    """Such a request has no bound of its own; a caller that has one all the same keeps it."""
    bound, asked = plain(body()), body(what_is_this={"a": 1})

    assert continued(DIALECT, bound, asked, known(asked).get, WINDOW, *FACTS) is bound


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"model": "m", "input": "Hello"}, True),
        (body(), True),
        (body(PICTURE), True),
        (body(FETCHED), False),
        (body(truncation="auto"), False),
        (body(conversation="conv_1"), False),
        (body(tools=[{"type": "web_search"}], max_tool_calls=1), False),
        ({"model": "m", "input": "Hello", "tools": [{"type": "web_search"}], "max_tool_calls": 0}, False),
        ({"model": "m", "input": PICTURE}, True),
        ({"model": "m", "input": FETCHED}, False),
    ],
)
def test_an_answer_tells_all_if_its_request_was_read_in_full(asked: dict[str, Any], told: bool) -> None:
    assert is_told(DIALECT, plain(asked, SEES), asked, known(asked).get, *FACTS) is told


def test_an_answer_that_goes_on_from_an_unknown_one_does_not_tell_all() -> None:
    assert not is_told(DIALECT, plain(body()), body(), nothing, *FACTS)


def test_no_other_dialect_goes_on_from_anything() -> None:
    assert goes_on_from("openai_chat", body()) is None
    assert goes_on_from(DIALECT, body()) == "resp_1"
    assert not is_told("openai_chat", plain(body()), body(), known(body()).get, *FACTS)


def test_other_thoughts_or_another_model_are_another_answer() -> None:
    """Thoughts that were left out may be read again."""
    other = body(reasoning={"context": "all_turns"})

    assert mark("resp_1", body(), *FACTS) != mark("resp_1", other, *FACTS)
    assert mark("resp_1", body(), *FACTS) != mark("resp_1", body(), "openai", "n")
    assert mark("resp_1", body(), *FACTS) == mark("resp_1", body(reasoning={"effort": "low"}), *FACTS)


@given(st.text(max_size=300), st.integers(0, 900_000))
def test_a_tightened_bound_is_never_below_what_was_told_and_what_is_new(new: str, told: int) -> None:
    found = tight(body(new), told)

    assert found is not None
    assert found >= min(told + len(new.encode()) + SEAM, 1_000_000)
