"""Card numbers for trying things out."""

import pytest
from stdnum import luhn

from tollway.guardrails.personal.trial_cards import is_trial


@pytest.mark.parametrize(
    "body",
    [
        "411111111111111",
        "378282246310005"[:-1],
        "601100099013942",
        "401288888888188",
        "400000760000000",
        "412345678901234",
        "520000000031415",
        "545445454544545",
    ],
)
def test_a_number_for_trying_things_out_is_one(body: str) -> None:
    """Published, Stripe's range, of few digits, counting."""
    assert is_trial(body + luhn.calc_check_digit(body))


def test_another_number_is_none() -> None:
    """Though one digit apart from a published one."""
    body = "401288898888188"

    assert not is_trial(body + luhn.calc_check_digit(body))
