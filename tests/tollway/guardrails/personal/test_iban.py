"""Account numbers."""

from random import Random

import pytest
from stdnum import numdb
from stdnum.iso7064 import mod_97_10

from tests.detection.personal_values import iban
from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier

CHECK = mod_97_10.calc_check_digits("370400440532013000" + "DE")
ACCOUNT = f"DE{CHECK}370400440532013000"


@pytest.mark.parametrize("seed", range(40))
def test_numbers_of_any_country_are_found(seed: int) -> None:
    """On end or in groups, whatever comes after them."""
    number = iban(Random(seed))

    assert found(f"to {number} by Friday", "iban") == [(number, Tier.CERTAIN)]


@pytest.mark.parametrize(
    "written",
    [
        ACCOUNT,
        ACCOUNT.lower(),
        "-".join((ACCOUNT[:4], ACCOUNT[4:8], ACCOUNT[8:])),
        f"{ACCOUNT[:4]}\u00a0{ACCOUNT[4:]}",
    ],
)
def test_a_number_may_be_written_in_several_ways(written: str) -> None:
    """In small letters, with hyphens, with spaces that do not break."""
    assert found(f"IBAN:{written}.", "iban") == [(written, Tier.CERTAIN)]


def test_what_has_wrong_check_digits_is_none() -> None:
    """ISO 7064, mod 97."""
    assert found(f"DE{(int(CHECK) + 1) % 97:02}370400440532013000", "iban") == []


def test_what_is_too_short_or_too_long_is_none() -> None:
    """Each country has one length."""
    assert found(ACCOUNT[:-1], "iban") == []
    assert found(ACCOUNT + "7", "iban") == []


def test_what_has_another_structure_is_none() -> None:
    """Letters where the country has digits, though the check digits are right."""
    account = "A" * 18

    assert found(f"DE{mod_97_10.calc_check_digits(account + 'DE')}{account}", "iban") == []


def test_a_country_without_accounts_of_this_kind_is_none() -> None:
    """Whatever the check digits."""
    assert numdb.get("iban").info("US")[0][1] == {}
    assert found(f"US{mod_97_10.calc_check_digits('370400440532013000US')}370400440532013000", "iban") == []
