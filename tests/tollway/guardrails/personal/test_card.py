"""Card numbers."""

from random import Random

import pytest
from stdnum import luhn

from tests.detection.personal_values import CARDS, filled, formed
from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier
from tollway.guardrails.personal.trial_cards import is_trial


def number(template: str, seed: int = 0) -> str:
    """A number of a network, with its Luhn digit."""
    chance = Random(seed)
    while True:
        body = filled(template, chance)[:-1]
        if not is_trial(right := body + luhn.calc_check_digit(body)):
            return right


@pytest.mark.parametrize("template", CARDS)
def test_each_network_is_known(template: str) -> None:
    """On end, and in groups with a space or a hyphen."""
    one = number(template)
    groups = "#### #### #### ####" if len(one) == 16 else "#### ###### " + "#" * (len(one) - 10)

    for written in (one, formed(one, groups), formed(one, groups.replace(" ", "-"))):
        assert found(f"on {written}.", "card") == [(written, Tier.CERTAIN)]


def test_a_range_that_no_network_has_is_none() -> None:
    """Whatever its Luhn digit."""
    assert found(number("1###############"), "card") == []
    assert found(number("9###############"), "card") == []


def test_a_wrong_luhn_digit_is_none() -> None:
    """One of ten numbers would be one otherwise."""
    one = number("4###############")

    assert found(one[:-1] + str((int(one[-1]) + 1) % 10), "card") == []


@pytest.mark.parametrize("template", ["4############", "4##################", "6304#############"])
def test_a_rare_length_has_to_be_named(template: str) -> None:
    """13 digits, 17 and 19: numbers of programs are as long."""
    one = number(template)

    assert found(f"this {one}", "card") == []
    assert found(f"{one} {'.' * 60} card", "card") == []
    assert found(f"credit card: {one}", "card") == [(one, Tier.CERTAIN)]


def test_a_rare_length_in_groups_is_generic() -> None:
    """Nobody writes an id of a program that way."""
    chance = Random(4)
    whole = next(
        body + luhn.calc_check_digit(body)
        for body in (filled("4##################", chance)[:-1] for _ in range(99))
        if not luhn.is_valid(body[:16])
    )
    written = formed(whole, "#### #### #### #### ###")

    assert found(f"this {written}", "card") == [(written, Tier.GENERIC)]


@pytest.mark.parametrize("code", ["200", *(f"12{last}" for last in range(10))])
def test_the_code_on_the_back_may_follow(code: str) -> None:
    """Three more digits are not taken for those of a longer number, though its Luhn digit be right."""
    one = formed(number("5555############"), "#### #### #### ####")

    assert found(f"{one} {code}", "card") == [(one, Tier.CERTAIN)]


def test_what_is_called_an_id_is_generic() -> None:
    """Unless it is called a card, too."""
    one = number("4###############")

    assert found(f'"trace_id": "{one}"', "card") == [(one, Tier.GENERIC)]
    assert found(f'card "id": "{one}"', "card") == [(one, Tier.CERTAIN)]


def test_a_published_number_is_none() -> None:
    """In any form."""
    trial = "424242424242424" + luhn.calc_check_digit("424242424242424")

    assert found(f"card {trial}", "card") == []
    assert found(f"card {formed(trial, '#### #### #### ####')}", "card") == []
