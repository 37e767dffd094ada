"""A form's flags and numbers are texts."""

import pytest

from tollway.wire.form_values import flag, number


@pytest.mark.parametrize("value", [True, "true", "True", " TRUE ", "1", "yes", "on"])
def test_a_yes_is_a_yes_in_json_and_in_a_form(value: object) -> None:
    assert flag({"stream": value}, "stream")


@pytest.mark.parametrize("value", [False, None, "false", "0", "", "no", 1, b"true", [True]])
def test_all_else_is_a_no(value: object) -> None:
    assert not flag({"stream": value}, "stream")
    assert not flag({}, "stream")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, 2), ("2", 2), (" 2 ", 2), ("٣", 3), (2.0, 2), (None, None), ("", None), ("two", None),
        ("-2", None), ("2.5", None), ("²", None), ("9" * 13, None), ("9" * 10_000, None), (True, None),
        (b"2", None),
    ],
)  # fmt: skip
def test_a_number_is_a_number_in_json_and_in_a_form(value: object, expected: int | None) -> None:
    """Texts of thousands of digits, which Python refuses to read, included."""
    assert number({"n": value}, "n") == expected
    assert number({}, "n") is None
