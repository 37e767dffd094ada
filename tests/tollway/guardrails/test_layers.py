"""How a text stands in a body."""

from collections.abc import Sequence

import pytest

from tollway.guardrails.layers import Bare, Coded, Edit, Inner, Layer, Quoted, changed


@pytest.mark.parametrize(
    ("layer", "edits", "lifted"),
    [
        (
            Quoted(10, b"a\\nb\\u00e9c"),
            [Edit(2, 4, '"x"'), Edit(5, 5, "!")],
            [(13, 20, '\\"x\\"'), (21, 21, "!")],
        ),
        (Bare(0, "grün ok".encode()), [Edit(3, 4, "m")], [(4, 5, "m")]),
        (Bare(7, b"4111", quoted=True), [Edit(0, 4, "<card>")], [(7, 11, '"<card>"')]),
        (Bare(7, b"4111", quoted=True), [], []),
        (Inner('{"ü": "b"}'.encode()), [Edit(8, 9, "x")], [(7, 8, "x")]),
        (Coded(3, "ab", 7), [Edit(1, 2, "c")], [(3, 7, "YWM=")]),
        (Coded(3, "ab", 7), [], []),
    ],
)
def test_a_change_is_lifted_to_what_is_around(
    layer: Layer, edits: Sequence[Edit], lifted: list[tuple[int, int, str]]
) -> None:
    assert layer.lift(edits) == lifted


def test_changes_are_made_in_one_go() -> None:
    assert changed("abcdef", [Edit(0, 1, "X"), Edit(2, 4, ""), Edit(6, 6, "!")]) == "Xbef!"
    assert changed("abc", []) == "abc"
