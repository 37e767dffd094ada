import pytest

from tollway.alerts.plain import LONGEST, plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gpt-4o", "gpt-4o"),
        ("größer", "größer"),
        ("a\nb\x00\u202e\udcff", "a?b???"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * LONGEST + "..."),
    ],
)
def test_a_name_is_shown_in_one_line_and_can_be_sent(text: str, said: str) -> None:
    assert plain(text) == said
    assert said.encode()
