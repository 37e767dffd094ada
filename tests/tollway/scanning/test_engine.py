"""Which engine there is."""

import os
import subprocess
import sys

import pytest

from tests.tollway.scanning.conftest import COMPILED, NO_WHEEL

FOUND = (
    "; print(engine().name, '|', *(one.kind for one in engine().scan('a gl' + 'pat-q8w9e7r6t5y4u3i2o1p0')))"
)


def said(code: str) -> str:
    """What a process of its own prints: an engine is made once in each."""
    environment = os.environ | {"KF_RULE_CACHE_DIR": str(COMPILED)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=120
    )
    return done.stdout.strip()


def test_where_kingfisher_is_missing_our_own_rules_are_the_engine() -> None:
    """And it says so."""
    code = (
        "import sys; sys.modules['kingfisher_sdk'] = None; from tollway.scanning.engine import engine" + FOUND
    )

    name, _, kinds = said(code).partition(" | ")

    assert name.endswith(" rules of our own")
    assert not name.startswith("Kingfisher")
    assert kinds == "gitlab_token"


def test_where_it_is_there_it_is_the_engine_with_our_own_beside_it() -> None:
    pytest.importorskip("kingfisher_sdk", reason=NO_WHEEL)
    code = "from tollway.scanning.engine import engine; assert engine() is engine()" + FOUND

    name, _, kinds = said(code).partition(" | ")

    assert name.startswith("Kingfisher 1.5.0 and ")
    assert name.endswith(" rules of our own")
    assert kinds == "gitlab_token"
