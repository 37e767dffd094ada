"""The engine of this platform."""

import tempfile
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path

import pytest

from tollway.guardrails.secrets.secret_engine import SecretEngine

NO_WHEEL = "NOT TESTED HERE: Kingfisher has no wheel for this platform"
COMPILED = Path(tempfile.gettempdir()) / f"tollway-tests-{getuser()}" / "kingfisher"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an engine compiles is there already, but for the first test of a machine that wants it."""
    monkeypatch.setenv("KF_RULE_CACHE_DIR", str(COMPILED))


@pytest.fixture(scope="session")
def kingfisher() -> Iterator[SecretEngine]:
    """Kingfisher with our rules beside it, compiled once for all test runs of a machine: it takes seconds."""
    pytest.importorskip("kingfisher_sdk", reason=NO_WHEEL)
    from tollway.scanning import kingfisher

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KF_RULE_CACHE_DIR", str(COMPILED))
        yield kingfisher.kingfisher()
