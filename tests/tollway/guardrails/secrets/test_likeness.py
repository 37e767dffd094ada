"""What a password and a token look like."""

import pytest

from tollway.guardrails.secrets import likeness


@pytest.mark.parametrize(
    "value", ["hunter2", "Tr0ub4dor&3", "gehe!m", "пароль7", "a1b2c3", "next-year-2027!"]
)
def test_a_password_has_letters_and_something_else(value: str) -> None:
    """In quotes or without."""
    assert likeness.password(value)
    assert likeness.bare_password(value)


@pytest.mark.parametrize(
    "value",
    [
        "password",
        "current-password",
        "user.password",
        "Kennwort",
        "12345678",
        "!!!!",
        "sha256",
        "ssh2_auth_pubkey_file",
        "PBKDF2-SHA256",
        "base64-encoded",
    ],
)
def test_a_word_a_name_and_an_algorithm_are_no_password(value: str) -> None:
    """Nor are digits alone."""
    assert not likeness.password(value)
    assert not likeness.bare_password(value)


@pytest.mark.parametrize("value", ["row2.password", "/run/secrets/db1", "https://acme.dev/1", "./a1/b2"])
def test_without_quotes_a_path_is_none_either(value: str) -> None:
    """Code and settings are full of them."""
    assert not likeness.bare_password(value)


@pytest.mark.parametrize("value", ["a1B2c3D4e5F6g7H8", "abc+/1==", "12+ab-9x"])
def test_a_token_has_letters_and_digits(value: str) -> None:
    """Marks are allowed."""
    assert likeness.token(value)


@pytest.mark.parametrize(
    "value",
    [
        "abcdefgh",
        "1234-5678",
        "a/path/to/file1",
        "module1.name.other",
        "https://acme.dev/x1",
        "some_name-here",
    ],
)
def test_names_and_addresses_are_no_token(value: str) -> None:
    """They are what programs hold in variables of that name."""
    assert not likeness.token(value)
