"""National numbers with a checksum."""

import re
from random import Random

import pytest

from tests.detection.personal import changed
from tests.detection.personal_values import NATIONAL, filled, formed, national
from tests.detection.personal_words import WORDS
from tests.detection.surroundings import LANGUAGES, NEUTRAL
from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier
from tollway.guardrails.personal.national import IDS
from tollway.guardrails.personal.placeholder import is_placeholder


def made(kind: str, form: int) -> str:
    """A number in one of its forms."""
    template, forms = NATIONAL[kind]
    chance = Random(kind)
    while True:
        number = filled(template, chance)
        if re.fullmatch(IDS[kind].pattern, number) and IDS[kind].valid(number):
            return formed(number, forms[form % len(forms)])


def test_the_corpus_has_every_kind() -> None:
    """A row without examples would be held by nothing."""
    assert set(NATIONAL) == set(IDS)


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_certain_where_it_is_named(kind: str, language: str) -> None:
    """In each language, in each form."""
    for form in range(3):
        written = made(kind, form)
        name = getattr(WORDS.get(kind, NEUTRAL), language)

        assert found(f"{name} {written}, please.", kind) == [(written, Tier.CERTAIN)]


@pytest.mark.parametrize(
    ("kind", "tiers"),
    [
        ("uk_nhs", [None, None, None]),
        ("uk_nino", [None, Tier.GENERIC]),
        ("de_idnr", [None, Tier.GENERIC]),
        ("fr_nir", [Tier.CERTAIN, Tier.CERTAIN]),
        ("es_dni", [Tier.GENERIC, Tier.GENERIC]),
        ("es_nie", [Tier.GENERIC, Tier.GENERIC]),
        ("it_fiscal_code", [Tier.CERTAIN]),
        ("nl_bsn", [None, None]),
        ("pl_pesel", [None]),
        ("br_cpf", [None, Tier.CERTAIN]),
        ("in_aadhaar", [None, Tier.GENERIC]),
        ("ca_sin", [None, None, None]),
        ("se_personnummer", [Tier.GENERIC, None]),
        ("be_nn", [None, Tier.CERTAIN]),
        ("ch_ahv", [None, Tier.CERTAIN]),
        ("cn_id", [Tier.CERTAIN]),
        ("fi_hetu", [Tier.CERTAIN]),
        ("no_fnr", [None, Tier.GENERIC]),
        ("za_id", [None]),
        ("mx_curp", [Tier.CERTAIN]),
    ],
)
def test_a_number_without_a_name_is_as_sure_as_its_form(kind: str, tiers: list[Tier | None]) -> None:
    """None: it is not found."""
    for form, tier in enumerate(tiers):
        written = made(kind, form)

        assert [one for _, one in found(f"this is {written}.", kind)] == [tier] * (tier is not None)


@pytest.mark.parametrize("kind", sorted(set(IDS) - {"uk_nino"}))
def test_a_changed_digit_is_seen(kind: str) -> None:
    """By the checksum, or since no such number is issued; named or not."""
    chance = Random(kind)
    for _ in range(60):
        written = changed(national(kind)(chance), chance)
        number = re.sub("[^0-9A-Za-z]", "", written)

        if not (re.fullmatch(IDS[kind].pattern, number) and IDS[kind].valid(number)):
            assert found(f"{WORDS.get(kind, NEUTRAL).en} {written}", kind) == []


def test_most_changed_digits_are_seen() -> None:
    """The test above tests something."""
    chance = Random(1)
    numbers = [changed(national("nl_bsn")(chance), chance).replace(" ", "") for _ in range(60)]

    assert not any(map(IDS["nl_bsn"].valid, numbers))


@pytest.mark.parametrize("kind", ["uk_nino", "es_dni", "es_nie", "it_fiscal_code"])
def test_letters_may_be_small(kind: str) -> None:
    """People write them so."""
    written = made(kind, 0).lower()

    assert found(f"{WORDS.get(kind, NEUTRAL).en} {written}.", kind) == [(written, Tier.CERTAIN)]


def test_a_name_is_near_its_number() -> None:
    """One at the other end of the text names nothing."""
    written = made("nl_bsn", 0)

    assert found(f"{written} {'.' * 60} BSN", "nl_bsn") == []
    assert found(f"{written} (BSN)", "nl_bsn") == [(written, Tier.CERTAIN)]


def test_a_placeholder_is_none() -> None:
    """Though its checksum is right."""
    digits = "1" * 10

    assert IDS["uk_nhs"].valid(digits)
    assert is_placeholder(digits)
    assert found(f"NHS {digits}", "uk_nhs") == []


def test_people_of_this_century_have_another_remainder_in_belgium() -> None:
    """As if a 2 stood before the number."""
    start = "050230123"[:2] + "0228123"
    check = 97 - int("2" + start) % 97

    assert found(f"INSZ {start}{check:02}", "be_nn") == [(f"{start}{check:02}", Tier.CERTAIN)]
