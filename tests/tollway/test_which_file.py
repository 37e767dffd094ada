"""Whether a path still names the file that it did."""

from pathlib import Path

from tollway.which_file import which_file


def test_a_file_is_known_whatever_is_written_to_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a")
    before = which_file(path)
    path.write_text("b")

    assert which_file(path) == before is not None


def test_one_that_took_its_place_is_another(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_text("a")
    other.write_text("a")
    before = which_file(path)
    other.rename(path)

    assert which_file(path) not in (before, None)


def test_no_file_is_none(tmp_path: Path) -> None:
    assert which_file(tmp_path / "file") is None
