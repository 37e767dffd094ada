"""From what was found in a request to its bound; `test_table` has whole requests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.bound.argument import Argument
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import UNKNOWN, Capacity
from tollway.bound.grammar import Table
from tollway.bound.node import Free
from tollway.bound.tally import Server, Tally
from tollway.model import Asked, Usage
from tollway.wire.counts import MOST

WINDOW = Capacity(context=10_000)


def table(**known: object) -> Table:
    """A table of a constant of 100."""
    plain: dict[str, object] = {
        "loop": 0, "caps_by": frozenset(), "caps_together": "", "models": {}, "instead": {}, "writes": True,
        "request": Free(),
    }  # fmt: skip
    return Table(**{"constant": 100} | plain | known)  # type: ignore[arg-type]


def server(**known: object) -> Server:
    """A tool of the provider's that looks things up."""
    plain: dict[str, object] = {"counts": "", "cap": None, "inner": False, "loops": False}
    return Server(**{"at": "tools", "name": "looking"} | plain | known)  # type: ignore[arg-type]


def argued(
    tally: Tally, capacity: Capacity = UNKNOWN, asked: int | None = 50, **known: object
) -> Bound | Unbounded:
    return Argument(table(**known), tally, capacity, Asked(max_output_tokens=asked)).bound("shape")


def usage(bound: Bound | Unbounded) -> Usage:
    assert isinstance(bound, Bound), bound
    return bound.usage


def test_texts_and_the_constant_are_read() -> None:
    assert usage(argued(Tally(tokens=7))) == Usage(input_tokens=107, output_tokens=50)


def test_the_window_bounds_what_is_read() -> None:
    assert usage(argued(Tally(tokens=20_000), WINDOW)).input_tokens == 10_000
    assert usage(argued(Tally(tokens=9_900), WINDOW)).input_tokens == 10_000


def test_images_are_read_by_their_most() -> None:
    """3 of 40."""
    assert usage(argued(Tally(tokens=7, images=3), Capacity(image=40))).input_tokens == 100 + 7 + 120
    assert usage(argued(Tally(images=1), WINDOW)).input_tokens == 10_000
    assert argued(Tally(images=1)) == Unbounded(
        reason="of an image no size is known, nor the model's context window", shape="shape"
    )


def test_what_is_stored_is_named_once_each_and_three_at_most() -> None:
    bound = argued(Tally(references=["a", "a", "b", "c", "d"]))

    assert isinstance(bound, Unbounded)
    assert bound.reason == "of a, b, c no size is known, nor the model's context window"
    assert usage(argued(Tally(references=["a"]), WINDOW)).input_tokens == 10_000


def test_a_cap_of_its_own_bounds_a_tool() -> None:
    """Two calls, three turns."""
    bound = argued(Tally(servers=[server(cap=2, counts="tool_calls")]), WINDOW)

    assert usage(bound) == Usage(input_tokens=30_000, output_tokens=150, tool_calls=2)
    assert isinstance(bound, Bound)
    assert bound.turns == 3


def test_the_smaller_of_two_caps_holds() -> None:
    """Of 5 and 2 calls together 3: four turns, and as many calls of each as both caps allow."""
    tools = [server(cap=5, counts="web_searches"), server(cap=2, counts="web_searches")]
    found = usage(argued(Tally(servers=tools, cap=3), WINDOW))

    assert found == Usage(input_tokens=40_000, output_tokens=200, web_searches=3 + 2)


@pytest.mark.parametrize("servers", [[server()], [server(cap=1), server()]])
def test_a_tool_without_a_cap_is_named(servers: list[Server]) -> None:
    assert argued(Tally(servers=servers), WINDOW) == Unbounded(
        reason="tools: the provider runs looking, with no cap on its calls", shape="shape"
    )


@pytest.mark.parametrize(
    ("servers", "together", "member"),
    [
        ([server(member="max_uses")], "", "max_uses"),
        ([server(cap=1), server(member="max_uses")], "", "max_uses"),
        ([server(), server(member="max_uses")], "max_tool_calls", "max_tool_calls"),
    ],
)
def test_a_cap_that_may_be_put_is_named(servers: list[Server], together: str, member: str) -> None:
    """Where the provider is documented to keep to it."""
    argument = Argument(table(caps_together=together), Tally(servers=servers), WINDOW, Asked(), True)

    assert argument.bound("shape") == Unbounded(
        reason=f"tools: the provider runs looking, with no cap on its calls ({member} would be one)",
        cappable=True,
        shape="shape",
    )


def test_where_one_tool_takes_no_cap_none_is_put() -> None:
    tally = Tally(servers=[server(member="max_uses"), server()])
    found = Argument(table(), tally, WINDOW, Asked(), True).bound("shape")

    assert isinstance(found, Unbounded)
    assert not found.cappable


def test_a_documented_loop_bounds_the_turns() -> None:
    """Also where errors of a tool make more of them than its cap."""
    found = usage(argued(Tally(servers=[server(cap=1)]), WINDOW, loop=10))

    assert found == Usage(input_tokens=100_000, output_tokens=500)


def test_what_is_found_within_the_request_is_read_again_with_what_was_written() -> None:
    """107 read, 10 turns of 50 written: 607 each."""
    tally = Tally(tokens=7, servers=[server(inner=True, loops=True)])

    assert usage(argued(tally, loop=10)).input_tokens == 10 * 607
    assert usage(argued(tally, Capacity(context=300), loop=10)).input_tokens == 10 * 300
    assert isinstance(argued(tally, asked=None, loop=10), Unbounded)


def test_nothing_is_written_by_what_makes_vectors() -> None:
    assert usage(argued(Tally(), writes=False)).output_tokens == 0


def test_an_output_without_a_maximum_is_unknown() -> None:
    bound = argued(Tally(), asked=None)

    assert isinstance(bound, Bound)
    assert (bound.max_output, bound.usage.output_tokens) == (None, None)


def test_what_the_request_told_is_kept() -> None:
    told = Asked(billed=Usage(images=2))

    assert usage(Argument(table(), Tally(), UNKNOWN, told).bound("s")).images == 2


@given(
    tokens=st.integers(0, 10**9),
    images=st.integers(0, 100),
    answers=st.integers(1, 128),
    asked=st.none() | st.integers(0, MOST),
    most=st.none() | st.integers(1, 10**6),
    context=st.none() | st.integers(1, 10**7),
    cap=st.none() | st.integers(0, 50),
)
def test_a_bound_is_a_bound_of_whatever_is_smaller(
    tokens: int,
    images: int,
    answers: int,
    asked: int | None,
    most: int | None,
    context: int | None,
    cap: int | None,
) -> None:
    """It never falls below the smallest maximum that is known, and grows with what is found."""
    capacity = Capacity(context=context, max_output=most, image=5)
    servers = [] if cap is None else [server(cap=cap)]
    bound = argued(Tally(tokens=tokens, images=images, answers=answers, servers=servers), capacity, asked)

    if isinstance(bound, Unbounded):
        assert servers
        assert context is None
        return
    read = bound.usage.input_tokens
    assert read is not None
    assert read >= min(tokens, context or tokens)
    assert bound.answers >= answers
    if bound.max_output is None:
        assert not most
        assert bound.usage.output_tokens is None
    else:
        assert bound.max_output <= min(n for n in (asked, most) if n)
        assert bound.usage.output_tokens == bound.max_output * bound.answers
        assert bound.clamped(bound.max_output).usage == bound.usage


def test_a_maximum_of_nothing_is_none() -> None:
    """Some hosts take 0 for the model's own maximum."""
    bound = argued(Tally(), Capacity(max_output=700), asked=0)

    assert usage(bound).output_tokens == 700
    assert argued(Tally(), asked=0) != argued(Tally(), asked=1)
