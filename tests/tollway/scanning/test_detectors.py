"""The detectors of each family."""

import os
import subprocess
import sys

import pytest

from tests.tollway.scanning.conftest import COMPILED
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


AHEAD = """
import threading
from tollway.guardrails.found import Family
from tollway.scanning.detectors import begin, detectors
begin([Family.SECRETS, Family.PERSONAL])
print([one.name for one in threading.enumerate()][1:])
"""
"""Begins, and says what else runs."""


def said(code: str) -> list[str]:
    """What a process of its own prints, in which nothing is made yet."""
    environment = os.environ | {"KF_RULE_CACHE_DIR": str(COMPILED)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    assert not done.stderr
    return done.stdout.splitlines()


def test_what_is_made_ahead_is_made_beside_who_asks_for_it() -> None:
    asks = "print(len(detectors([Family.SECRETS, Family.PERSONAL])))"
    assert said(AHEAD + asks) == ["['detectors']", "2"]


def test_what_can_not_be_made_ahead_fails_where_it_is_asked_for() -> None:
    broken = (
        "import tollway.guardrails.secrets.load as load\n"
        "def broken(): raise OSError('broken')\n"
        "load.pack = broken\n"
    )
    asks = "try: detectors([Family.SECRETS])\nexcept OSError as error: print(error)"
    assert said(broken + AHEAD + asks)[1:] == ["broken"]
