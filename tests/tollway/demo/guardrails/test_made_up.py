"""What is secret in the tour of guardrails."""

import pytest

from tollway.demo.guardrails import made_up
from tollway.demo.guardrails.stops import asking, env, pasting
from tollway.guardrails.found import Tier
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.secrets.load import pack

often = pytest.mark.parametrize("time", range(20))


@often
def test_a_key_is_one_for_certain(time: int) -> None:
    """Another each time, which nobody has given out."""
    key = made_up.key()

    assert [(one.kind, one.tier) for one in pack().scan(env(key))] == [("stripe_key", Tier.CERTAIN)]
    assert key != made_up.key()


@often
def test_a_password_only_looks_like_one(time: int) -> None:
    text = pasting(made_up.password()).body["messages"][0]["content"]

    assert [(one.kind, one.tier) for one in pack().scan(text)] == [("password", Tier.GENERIC)]


@often
def test_a_customer_is_found(time: int) -> None:
    """By her address and her card, for certain."""
    text = asking(made_up.EMAIL, made_up.card()).body["messages"][0]["content"]

    found = sorted(personal(text))

    assert [(one.kind, one.tier) for one in found] == [("email", Tier.CERTAIN), ("card", Tier.CERTAIN)]


def test_text_is_of_its_alphabet() -> None:
    assert made_up.text(4, "x") == "xxxx"
