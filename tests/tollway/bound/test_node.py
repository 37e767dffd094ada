"""How each kind of member is read."""

from typing import Any

import pytest

from tollway.bound import node
from tollway.bound.node import Node
from tollway.bound.tally import Server, Tally


def taken(one: Node, value: Any) -> Tally:
    """What a node makes of a value at `k`."""
    tally = Tally()
    one.take(value, "k", tally)
    return tally


def test_what_is_free_counts_nothing() -> None:
    assert taken(node.Free(), {"a": ["long text"]}) == Tally()


def test_a_text_counts_its_bytes_and_what_the_provider_adds() -> None:
    assert taken(node.Text("tools", 100), "abc") == Tally(tokens=103, classes={"tools"})


@pytest.mark.parametrize(("n", "answers"), [(None, 1), (0, 1), (1, 1), (3, 3), ("4", 4), (128, 128)])
def test_answers_are_counted(n: object, answers: int) -> None:
    tally = taken(node.Answers(), n)

    assert (tally.answers, tally.refusals) == (answers, [])


@pytest.mark.parametrize("n", ["many", -1, True, 129, 10**30, [3]])
def test_a_number_of_answers_that_is_none_refuses(n: object) -> None:
    assert taken(node.Answers(), n).refusals == ["k is no number of answers"]


def test_the_most_answers_count() -> None:
    """n and best_of."""
    tally = Tally()
    for n in (2, 5, 3):
        node.Answers().take(n, "n", tally)

    assert tally.answers == 5


@pytest.mark.parametrize(("value", "cap"), [(3, 3), (None, None), ("3", None)])
def test_a_cap_is_a_count(value: object, cap: int | None) -> None:
    assert taken(node.Cap(), value).cap == cap


def test_a_prediction_is_read_and_may_be_billed_as_output() -> None:
    tally = taken(node.Prediction(), "12345")

    assert (tally.tokens, tally.output) == (5, 5)


@pytest.mark.parametrize(
    ("value", "images", "tokens"),
    [(None, 0, 0), ("data:image/png;base64,AAAA", 1, 0), ({"image_url": "u", "text": "abc"}, 1, 3)],
)
def test_an_image_counts_as_one_and_not_by_its_bytes(value: object, images: int, tokens: int) -> None:
    tally = taken(node.Image(), value)

    assert tally.images == images
    assert tally.tokens in (tokens, tokens + 4)  # "None", where there is no caption


@pytest.mark.parametrize(("value", "found"), [(None, []), ([], []), ("resp_1", ["k"]), ({}, ["k"])])
def test_a_reference_is_noted(value: object, found: list[str]) -> None:
    assert taken(node.Reference("stored"), value).references == found


@pytest.mark.parametrize(
    ("value", "refusals"),
    [(None, []), (False, []), ([], []), ({}, ["k: it runs"]), (True, ["k: it runs"]), ("x", ["k: it runs"])],
)
def test_what_nothing_bounds_refuses_where_it_is_asked_for(value: object, refusals: list[str]) -> None:
    """An empty object asks for it: `{"googleSearch": {}}`."""
    assert taken(node.Refused("it runs"), value).refusals == refusals


@pytest.mark.parametrize(
    ("value", "refusals"),
    [(None, []), ("standard", []), ("pro", ["k: sampled"]), (["x"], ["k: sampled"])],
)
def test_only_known_values_pass(value: object, refusals: list[str]) -> None:
    assert taken(node.Only(("standard",), "sampled"), value).refusals == refusals


@pytest.mark.parametrize(
    ("tool", "cap"), [({"max_uses": 3}, 3), ({"max_uses": "3"}, None), ({}, None), ("web", None)]
)
def test_a_tool_of_the_provider_has_the_cap_of_its_definition(tool: object, cap: int | None) -> None:
    tally = taken(node.Run("web_search", "web_searches", "max_uses"), tool)

    assert tally.servers == [
        Server(
            at="k", name="web_search", counts="web_searches", cap=cap, inner=False, loops=False,
            member="max_uses",
        )
    ]  # fmt: skip


def test_a_tool_without_a_member_for_its_cap_has_none() -> None:
    (server,) = taken(node.Run("mcp"), {"max_uses": 3}).servers

    assert (server.cap, server.member) == (None, "")


@pytest.mark.parametrize(
    ("value", "tokens"), [("abc", 3), (["a", "bc"], 3 + 2 * 4), ({"k": "v"}, 4 + 1 + 1 + 4), ([], 0)]
)
def test_each_of_a_list_is_read_and_a_string_is_text(value: object, tokens: int) -> None:
    assert taken(node.Each(node.Text()), value).tokens == tokens


def test_members_are_read_by_their_names() -> None:
    """A key, four marks, and what the member comes to."""
    tally = taken(
        node.Members({"a": node.Text(), "bb": node.Free()}, None, "tools", 7), {"a": "xyz", "bb": "x"}
    )

    assert tally.tokens == 7 + (1 + 4 + 3) + (2 + 4)
    assert tally.classes == {"text", "tools"}


def test_a_member_that_is_not_in_the_table_refuses_by_its_path() -> None:
    tally = taken(node.Members({}), {"new_feature": 1})

    assert tally.refusals == ["k.new_feature is not in the bound table"]


def test_the_path_of_the_whole_is_empty() -> None:
    tally = Tally()
    node.Members({}).take({"new": 1}, "", tally)

    assert tally.refusals == ["new is not in the bound table"]


def test_other_members_may_be_read_alike() -> None:
    assert taken(node.Members({}, node.Text()), {"a": "b"}).tokens == 1 + 4 + 1


def test_what_is_no_object_is_text() -> None:
    """Strings stand for content; what a number stands for, the provider refuses."""
    assert taken(node.Members({}), "abc").tokens == 3
    assert taken(node.Variants("type", {}), 12).tokens == 2


def test_a_query_is_read_with_each_document() -> None:
    """Keys and texts once, 2 of the query for each of 3 documents more."""
    ranked = node.Ranked(node.Text(), "docs", "q")
    once = taken(node.Text(), {"q": "ab", "docs": ["x", "y", "z"]}).tokens

    assert taken(ranked, {"q": "ab", "docs": ["x", "y", "z"]}).tokens == once + 2 * 3
    assert taken(ranked, {"q": "ab"}).tokens == taken(node.Text(), {"q": "ab"}).tokens
    assert taken(ranked, {"docs": ["x"]}).tokens == taken(node.Text(), {"docs": ["x"]}).tokens
    assert taken(ranked, "abc").tokens == 3


KINDS = node.Variants("type", {"text": node.Text(), "web_2*": node.Refused("it runs")}, node.Free())


@pytest.mark.parametrize(
    ("value", "refusals"),
    [
        ({"type": "text", "text": "a"}, []),
        ({"type": "web_2026"}, ["k: it runs"]),
        ({}, []),
        ({"type": "video"}, ["k.type 'video' is not in the bound table"]),
        ({"type": 3}, ["k.type 3 is not in the bound table"]),
    ],
)
def test_kinds_are_told_by_a_member(value: object, refusals: list[str]) -> None:
    assert taken(KINDS, value).refusals == refusals


def test_an_object_without_the_member_needs_a_node_of_its_own() -> None:
    refusals = taken(node.Variants("type", {}), {}).refusals

    assert refusals == ["k.type None is not in the bound table"]


def test_a_stranger_s_name_is_shown_in_part() -> None:
    (refusal,) = taken(node.Members({}), {"x" * 500: 1}).refusals

    assert len(refusal) < 120
