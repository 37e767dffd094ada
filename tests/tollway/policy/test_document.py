"""YAML text as values with their places."""

from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.policy.document import MOST_REPEATED, Malformed, read

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_values_are_those_that_yaml_reads(value: object) -> None:
    """For plain data, in block and in flow style, the values are those of PyYAML's own loader."""
    for flow in (True, False):
        text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)

        assert read(text).value == yaml.safe_load(text)


@given(st.text(alphabet=st.sampled_from("a1:-?[]{}&*!|>'\"#%@`,.\n\t <\\\x00é\ufeff"), max_size=60))
@example("a: \ud800")
@example("%YAML 9.9\n---\n")
@example("[" * 500)
@example("- " * 2000)
@example("a: !!binary ü")
@example("a: 0b")
@example("a: 0o8")
@example("a: 1_")
@example("a: ._")
@example("a: 1:2.5")
def test_any_text_is_a_document_or_malformed(text: str) -> None:
    """Whatever the text, it is read or refused with a place inside it."""
    lines = text.count("\n") + text.count("\r") + 2
    flaws = None
    try:
        read(text)
    except Malformed as e:
        flaws = e.flaws

    assert flaws != []
    for (line, column), _, message in flaws or []:
        assert 1 <= line <= lines
        assert 1 <= column <= len(text) + 1
        assert message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Decimal("0.1")),
        (".5", Decimal("0.5")),
        ("-0.5", Decimal("-0.5")),
        ("5.", Decimal("5")),
        ("1_000.50", Decimal("1000.50")),
        ("1.5e+3", Decimal("1500")),
        ("0.30000000000000000000000000000000000001", Decimal("0.30000000000000000000000000000000000001")),
    ],
)
def test_numbers_with_a_point_are_exact(written: str, value: Decimal) -> None:
    """A rate is the decimal that was written, not the binary number beside it."""
    read_value = read(written).value

    assert isinstance(read_value, Decimal)
    assert read_value == value


def test_a_sexagesimal_number_is_no_decimal() -> None:
    """1:30.5 is a number to YAML 1.1; it stays a float, which no rate takes."""
    assert read("1:30.5").value == 90.5


def test_places_are_those_of_values_and_keys() -> None:
    """Lines and columns count from 1; the document knows each value's, and its key's."""
    document = read("faults:\n  tunnels:\n    - 10.0.0.0/8\n")

    assert document.values[()] == (1, 1)
    assert document.keys["faults",] == (1, 1)
    assert document.keys["faults", "tunnels"] == (2, 3)
    assert document.values["faults", "tunnels", 0] == (3, 7)
    assert document.written["faults", "tunnels", 0] == "10.0.0.0/8"


def test_an_alias_stands_for_its_value() -> None:
    """Anchors and aliases work; the value's place is where it was written."""
    document = read("a: &x {b: 1}\nc: *x\n")

    assert document.value == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.values["c", "b"] == (1, 11)


def test_values_are_counted_as_aliases_expand() -> None:
    """They may repeat so many values, however few bytes these are written in."""
    row = "[" + ", ".join("x" * (MOST_REPEATED // 10)) + "]"

    assert read(f"a: &a {row}\nb: [{', '.join(['*a'] * 8)}]").value["a"][0] == "x"
    with pytest.raises(Malformed, match="too many values"):
        read(f"a: &a {row}\nb: [{', '.join(['*a'] * 10)}]")


def test_what_is_written_out_may_be_as_long_as_it_is() -> None:
    """Thousands of limits are a policy, and no attack."""
    assert len(read("[" + "x, " * (2 * MOST_REPEATED) + "]").value) == 2 * MOST_REPEATED


def test_all_flaws_of_a_document_are_found() -> None:
    """One mistake does not hide the next."""
    with pytest.raises(Malformed) as caught:
        read("a: .nan\nb: !x y\n1: z\na: 3\nc: 2026-13-01\n")

    assert [place for place, _, _ in caught.value.flaws] == [(1, 4), (2, 4), (3, 1), (4, 1), (5, 4)]
