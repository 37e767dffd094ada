"""Tables, from YAML to nodes."""

from importlib import resources
from typing import Any

import pytest

from tollway.bound import grammar
from tollway.bound.grammar import read, snake, table_of
from tollway.bound.tally import Tally
from tollway.wire import DIALECTS

NESTED = """
constant: 5
nodes:
  content: {each: block}
  block: {members: {inner: content, text: text}}
request: {members: {content: content}}
"""


def test_a_table_is_read() -> None:
    table = read(
        "{constant: 7, loop: 3, writes: false, models: {a: b}, instead: {c: d}, request: free,"
        " caps: {by: [x], together: most}}"
    )

    assert (table.constant, table.loop, table.writes) == (7, 3, False)
    assert (table.caps_by, table.caps_together) == (frozenset("x"), "most")
    assert (table.models, table.instead) == ({"a": "b"}, {"c": "d"})


def test_a_table_may_leave_out_what_is_usual() -> None:
    table = read("{constant: 7, request: free}")

    assert (table.loop, table.writes, table.models, table.instead) == (0, True, {}, {})
    assert (table.caps_by, table.caps_together) == (frozenset(), "")


@pytest.mark.parametrize(
    ("form", "value", "tally"),
    [
        ("free", "x", Tally()),
        ("text", "abc", Tally(tokens=3, classes={"text"})),
        ("{text: tools, more: 10}", "abc", Tally(tokens=13, classes={"tools"})),
        ("{reference: stored}", "id", Tally(references=[""], classes={"stored"})),
        ("{none: why}", True, Tally(refusals=[": why"])),
        ("{only: [a], none: why}", "b", Tally(refusals=[": why"])),
        ("{rank: d, query: q, node: free}", {"q": "ab", "d": ["x", "y"]}, Tally(tokens=4)),
        ("{each: text}", ["a"], Tally(tokens=5, classes={"text"})),
        ("{members: {a: text}, others: free}", {"a": "b", "c": "d"}, Tally(tokens=11, classes={"text"})),
        ("{by: type, kinds: {a: free}, untyped: text}", {"type": "a"}, Tally()),
        ("{by: type, kinds: {a: free}}", {"type": "a"}, Tally()),
    ],
)
def test_a_form_is_a_node(form: str, value: Any, tally: Tally) -> None:
    found = Tally()
    read(f"{{constant: 0, request: {form}}}").request.take(value, "", found)

    assert found == tally


def test_a_tool_of_the_provider_is_a_form() -> None:
    found = Tally()
    form = "{run: search, counts: web_searches, cap: max_uses, inner: true, loops: true}"
    read(f"{{constant: 0, request: {form}}}").request.take({"max_uses": 2}, "tools", found)

    (server,) = found.servers
    assert (server.name, server.counts, server.cap) == ("search", "web_searches", 2)
    assert (server.inner, server.loops) == (True, True)


@pytest.mark.parametrize("form", ["3", "{unknown: 1}", "[text]"])
def test_what_is_no_node_is_an_error(form: str) -> None:
    with pytest.raises(ValueError, match="no node"):
        read(f"{{constant: 0, request: {form}}}")


def test_a_name_without_a_node_is_an_error() -> None:
    with pytest.raises(KeyError, match="message"):
        read("{constant: 0, request: {each: message}}")


def test_nodes_may_be_nested_in_themselves_but_not_for_ever() -> None:
    """Python's stack ends somewhere; agents nest nine deep."""
    body: Any = {"text": "a"}
    for _ in range(500):
        body = {"inner": [body]}
    shallow, deep = Tally(), Tally()
    read(NESTED).request.take({"content": [{"inner": [{"text": "a"}]}]}, "", shallow)
    read(NESTED).request.take({"content": body}, "", deep)

    assert shallow.refusals == []
    assert len(deep.refusals) == 1
    assert deep.refusals[0].endswith("is nested too deep")
    assert deep.depth == 0


@pytest.mark.parametrize(
    ("key", "expected"), [("inlineData", "inline_data"), ("contents", "contents"), ("topP", "top_p")]
)
def test_google_s_keys_have_two_spellings(key: str, expected: str) -> None:
    assert snake(key) == expected


def test_both_spellings_are_read_alike() -> None:
    table = read("{constant: 0, spellings: both, request: {members: {inlineData: text}}}")
    found = Tally()
    table.request.take({"inline_data": "ab", "inlineData": "cd"}, "", found)

    assert found.refusals == []


FILES = sorted(
    path.name for path in (resources.files(grammar.__package__) / "dialects").iterdir() if path.is_file()
)


@pytest.mark.parametrize("file", FILES)
def test_every_table_reads_and_is_a_dialect_s(file: str) -> None:
    dialect = file.removesuffix(".yaml")

    assert table_of(dialect) is not None
    assert dialect in DIALECTS


def test_a_dialect_without_a_table_has_none() -> None:
    assert table_of("gemini_videos") is None
    assert table_of("") is None
