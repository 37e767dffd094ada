"""What policies may look for, by name."""

import kingfisher_sdk
import pytest

from tollway.guardrails.found import Family
from tollway.guardrails.kinds import check, families, listed, secrets
from tollway.guardrails.personal.kinds import KINDS
from tollway.guardrails.secrets import load
from tollway.scanning.kinds import kinds


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("secrets", Family.SECRETS),
        ("personal", Family.PERSONAL),
        ("github_token", Family.SECRETS),
        ("card", Family.PERSONAL),
    ],
)
def test_families_and_kinds_have_names(name: str, family: Family) -> None:
    assert check(name) == name
    assert families([name]) == {family}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("secrts", "did you mean secrets"),
        ("credit_card", ""),
        ("emails", "did you mean email"),
        ("???", "`tollway scan --kinds` lists what there is"),
    ],
)
def test_another_name_is_said(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"nothing here finds .*: .*{hint}"):
        check(name)


def test_the_list_has_all_kinds_that_the_engines_find_and_no_other() -> None:
    """Kingfisher's are those of the pinned release."""
    named = kinds()
    theirs = {
        named.of(rule["id"])
        for rule in kingfisher_sdk.Rules(cache_dir=None).metadata()
        if rule["id"] not in named.passed_over
    }

    assert secrets() == theirs | {rule.kind for rule in load.rules()}


def test_all_names_are_listed_and_those_of_personal_data_with_what_they_are() -> None:
    lines = [*listed()]

    assert len(lines) == 2 + len(secrets()) + len(KINDS)
    assert "  github_token" in lines
    assert "  iban: international bank account number" in lines
