"""The detectors of each family."""

import pytest

from tollway.guardrails.found import Family
from tollway.guardrails.search import search
from tollway.scanning.detectors import detectors

pytestmark = pytest.mark.usefixtures("compiled")
TEXT = f"write to ann.lee@acme.io, password: {'Tr0ub4dor' + '&3'}"


def test_a_family_finds_what_is_its_own() -> None:
    for family in (Family.SECRETS, Family.PERSONAL):
        assert {found.family for found in search(TEXT, detectors([family]))} == {family}


def test_all_find_everything_once() -> None:
    assert [found.family for found in search(TEXT, detectors(Family))] == [Family.PERSONAL, Family.SECRETS]


def test_no_family_finds_nothing() -> None:
    assert search(TEXT, detectors([])) == []
