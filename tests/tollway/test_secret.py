"""The key of the fingerprints is made once, whole, for its owner only, and never shown."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tollway.errors import TollwayError
from tollway.secret import BYTES, load_or_make

ADDONS = Path(__file__).parents[2] / "addons"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key is."""
    return tmp_path / "fingerprint.key"


def test_the_key_is_made_once(tmp_path: Path, path: Path) -> None:
    """Else a credential would have a new fingerprint after each start."""
    key = load_or_make(tmp_path)

    assert len(key) == BYTES
    assert load_or_make(tmp_path) == key == path.read_bytes()


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    """It comes from the system's randomness."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()

    assert load_or_make(folders[0]) != load_or_make(folders[1])


def test_only_its_owner_may_read_it(tmp_path: Path, path: Path) -> None:
    """Whatever the umask."""
    before = os.umask(0)
    try:
        load_or_make(tmp_path)
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_else_is_left_in_the_folder(tmp_path: Path, path: Path) -> None:
    """The name it was made under is gone."""
    load_or_make(tmp_path)

    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    """Each waits for the word to start, so that all are at the same place."""
    code = (
        "import sys; from pathlib import Path; from tollway.secret import load_or_make; print(flush=True);"
        "sys.stdin.readline(); print(load_or_make(Path(sys.argv[1])).hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ADDONS)},
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdout
        process.stdout.readline()
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=120)[0] for process in started}

    assert [process.returncode for process in started] == [0] * 4
    assert keys == {load_or_make(tmp_path).hex() + "\n"}


def test_a_key_that_another_process_made_meanwhile_stays(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets there between the look and the link."""
    others = secrets.token_bytes(BYTES)
    link = os.link

    def late(source: Path, target: Path) -> None:
        path.write_bytes(others)
        link(source, target)

    monkeypatch.setattr(os, "link", late)

    assert load_or_make(tmp_path) == others
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [0, BYTES - 1, BYTES + 1])
def test_a_key_of_another_size_is_refused(tmp_path: Path, path: Path, size: int) -> None:
    """The message names the file, the sizes and the remedy, and shows nothing of it."""
    content = b"k" * size
    path.write_bytes(content)

    with pytest.raises(TollwayError) as refused:
        load_or_make(tmp_path)

    assert str(refused.value).startswith(f"{path}: {size} bytes instead of 32; delete it")
    assert "kk" not in str(refused.value).removeprefix(str(path))


def test_a_key_that_cannot_be_read_is_refused(tmp_path: Path, path: Path) -> None:
    """A folder in its place can be read by nobody, root included."""
    path.mkdir()

    with pytest.raises(TollwayError, match=r"Is a directory; it holds the key .* readable by its owner"):
        load_or_make(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is one that can't be written."""
    folder = tmp_path / "missing"

    with pytest.raises(TollwayError, match=r"missing/fingerprint\.key: No such file or directory"):
        load_or_make(folder)


def test_a_file_system_without_links_is_named_and_left_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half-made stays behind."""

    def link(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)

    with pytest.raises(TollwayError, match=r"fingerprint\.key: Operation not permitted"):
        load_or_make(tmp_path)
    assert list(tmp_path.iterdir()) == []
