"""Files of exports."""

import gzip
import io
import os
import stat
import sys
from pathlib import Path

import pytest

from tollway.ledger.archive.file import to_read, to_write
from tollway.ledger.fault import LedgerError


def test_a_file_is_there_once_it_is_whole_and_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with to_write(str(path)) as file:
        file.write(b"1")
        assert not path.exists()

    assert path.read_bytes() == b"1"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_half_of_a_file_is_left_nowhere(tmp_path: Path) -> None:
    """And what was of that name before is still there."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"before")

    def half() -> None:
        with to_write(str(path)) as file:
            file.write(b"1")
            raise KeyError

    with pytest.raises(KeyError):
        half()

    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.jsonl.gz"]


def test_a_name_that_is_taken_is_refused_where_none_may_be_lost(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")

    with (
        pytest.raises(LedgerError, match="it is there already: name another file"),
        to_write(str(tmp_path / "a"), anew=True),
    ):
        pass


def test_gz_is_packed_and_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    """Whatever it is called; the same each time."""
    for name in ("a.gz", "b.gz"):
        with to_write(str(tmp_path / name)) as file:
            file.write(b"text")
    (tmp_path / "a.gz").rename(tmp_path / "plain")

    assert gzip.decompress((tmp_path / "plain").read_bytes()) == b"text"
    assert (tmp_path / "plain").read_bytes() == (tmp_path / "b.gz").read_bytes()
    with to_read(str(tmp_path / "plain")) as file:
        assert file.read() == b"text"


def test_standard_output_and_input(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"in"))))
    with to_write("-") as file:
        file.write(b"out")
    with to_read("-") as file:
        assert file.read() == b"in"

    assert out.buffer.getvalue() == b"out"


def test_what_can_not_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="No such file or directory: name a file that can be read"):
        to_read(str(tmp_path / "none")).__enter__()
    with pytest.raises(LedgerError, match="No such file or directory: name a file that can be written"):
        to_write(str(tmp_path / "none" / "a")).__enter__()


def test_a_packed_file_that_breaks_off_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"text" * 1000)[:-9])

    def read() -> None:
        with to_read(str(tmp_path / "a.gz")) as file:
            file.read()

    with pytest.raises(LedgerError, match=r"a\.gz: it breaks off, or is damaged: copy it, or export again"):
        read()
