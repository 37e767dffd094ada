"""JSON that can be looked at."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tollway.reporting.visible import indented, visible

HOSTILE = st.text(
    st.characters() | st.sampled_from("\x7f\x85\x9b\xad\u200b\u2028\u202e\u2066\ufeff\U000e0041")
)


@given(st.dictionaries(HOSTILE, HOSTILE))
def test_it_says_the_same_and_has_nothing_that_a_terminal_obeys(value: dict[str, str]) -> None:
    for shown in (visible(json.dumps(value, ensure_ascii=False)), indented(value)):
        assert json.loads(shown) == value
        assert all(c.isprintable() or c == "\n" for c in shown)
        assert len(shown.splitlines()) == shown.count("\n") + 1


def test_letters_stay_letters() -> None:
    assert visible('{\n  "a": "é漢😀"\n}') == '{\n  "a": "é漢😀"\n}'
    assert visible('"\x9b\U000e0041"') == '"\\u009b\\udb40\\udc41"'
