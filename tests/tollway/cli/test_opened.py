"""The ledger that a command reads."""

from pathlib import Path

import pytest

from tests.tollway.ledger.samples import call
from tests.tollway.statement.year import write
from tollway.cli.opened import opened
from tollway.ledger.fault import LedgerError


def test_it_is_open_for_as_long_as_it_is_read(tmp_path: Path) -> None:
    url = write(tmp_path / "ledger.db", [call()])

    with opened(url) as books:
        assert books is not None
        assert sum(sums.calls for sums in books.sums([]).values()) == 1


def test_none_is_there_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless one was named: that is a slip of the pen."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))

    with opened(None) as books:
        assert books is None
    with pytest.raises(LedgerError, match="there is no such file"), opened(f"sqlite:{tmp_path / 'none.db'}"):
        pass
