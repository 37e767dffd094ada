"""A new authority's key goes to where it is kept."""

import sys
from pathlib import Path

import pytest

from tollway.cli.handing_over import STANDARD, handing_over
from tollway.errors import TollwayError


def test_it_stays_where_no_place_is_named() -> None:
    with handing_over(None) as hand_over:
        assert hand_over is None


def test_a_terminal_is_no_place_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its scrollback may be a file."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    with pytest.raises(TollwayError, match="standard output is a terminal"), handing_over(STANDARD):
        pytest.fail("it was taken")


def test_nothing_is_made_where_the_place_can_not_be_had(tmp_path: Path) -> None:
    with pytest.raises(TollwayError, match=r"--key-to .*/none/key: No such file.*: name a new file"):
        with handing_over(tmp_path / "none" / "key"):
            pytest.fail("it was taken")


def test_the_file_is_whole_as_soon_as_it_is_handed_over(tmp_path: Path) -> None:
    with handing_over(tmp_path / "key") as hand_over:
        assert hand_over is not None
        hand_over(b"key")
        assert (tmp_path / "key").read_bytes() == b"key"
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
