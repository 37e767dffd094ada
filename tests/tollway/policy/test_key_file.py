"""A file of callers by the fingerprints of their keys."""

import pytest

from tollway.errors import PolicyError
from tollway.policy.identity import Caller
from tollway.policy.key_file import owners


def test_fingerprints_have_owners() -> None:
    text = "0123456789abcdef: {user: ann, team: search}\nfedcba9876543210: {service: ci}\n"

    assert owners(text, "keys.yaml") == {
        "0123456789abcdef": Caller(user="ann", team="search"),
        "fedcba9876543210": Caller(service="ci"),
    }


@pytest.mark.parametrize(
    "digits", ["5225776407564351", "0225776407564351", "1225776407564e51", "0b10000000000000"]
)
def test_a_fingerprint_that_yaml_takes_for_a_number_is_one(digits: str) -> None:
    assert owners(f"{digits}: {{user: ann}}", "keys.yaml") == {digits: Caller(user="ann")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: is empty: write fingerprints (`tollway key fingerprint`)"),
        ("[", "1:2: while parsing a flow node"),
        ("- a", "1:1: must be a mapping of keys to values, not a list"),
        ("0123456789abcdef: {usr: ann}", "1:20: 0123456789abcdef.usr: unknown key; did you mean user?"),
        ("0123456789abcdef: ann", "1:19: 0123456789abcdef: must be a mapping of keys to values"),
        ("0123456789abcdef: {}", "1:19: 0123456789abcdef: say who calls from there"),
        ("? [a]\n: {user: ann}", "1:3: this is not text, as keys must be"),
        ("5225776407564351: {user: a}\n'5225776407564351': {user: b}", "2:1: 5225776407564351: stands twice"),
        ("0123456789abcdef: {user: a}\n0123456789abcdef: {user: b}", "2:1: 0123456789abcdef: stands twice"),
    ],
)
def test_each_mistake_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        owners(text, "keys.yaml")

    assert str(caught.value).startswith(f"keys.yaml:{said}")


def test_a_key_in_the_place_of_its_fingerprint_is_not_repeated() -> None:
    with pytest.raises(PolicyError) as caught:
        owners("sk-made-up-secret: {user: ann}", "keys.yaml")

    assert str(caught.value) == (
        "keys.yaml:1:1: is no fingerprint: write it as `tollway key fingerprint` prints it, never the key"
    )
