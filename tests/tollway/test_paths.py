"""Where Tollway keeps its files."""

import os
import stat
from pathlib import Path

import pytest

from tollway import paths
from tollway.errors import TollwayError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and no variable that leads elsewhere."""
    for variable in ("TOLLWAY_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_folders_are_the_xdg_defaults(home: Path) -> None:
    """Without a variable they are under the home folder; to ask does not make them."""
    assert paths.data_dir() == home / ".local/share/tollway"
    assert paths.config_dir() == home / ".config/tollway"
    assert list(home.iterdir()) == []


def test_xdg_variables_move_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own."""
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/srv/config")

    assert paths.data_dir() == Path("/srv/data/tollway")
    assert paths.config_dir() == Path("/srv/config/tollway")


@pytest.mark.parametrize("relative", ["data", "", "./x"])
def test_relative_xdg_variables_are_ignored(
    home: Path, monkeypatch: pytest.MonkeyPatch, relative: str
) -> None:
    """As the XDG specification wants it."""
    monkeypatch.setenv("XDG_DATA_HOME", relative)

    assert paths.data_dir() == home / ".local/share/tollway"


def test_tollway_home_overrides_both(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One folder has everything; relative ones are made absolute, ~ is the home folder."""
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    monkeypatch.setenv("TOLLWAY_HOME", "~/tw")
    assert (paths.data_dir(), paths.config_dir()) == (home / "tw", home / "tw")

    monkeypatch.setenv("TOLLWAY_HOME", "here")
    assert paths.data_dir() == Path.cwd() / "here"


def test_the_ledger_is_sqlite_in_the_data_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a URL that `--ledger` takes."""
    monkeypatch.setenv("TOLLWAY_HOME", "/srv/tw")

    assert paths.ledger_url() == "sqlite:/srv/tw/ledger.db"


def test_the_policy_is_the_users_if_there_is_one(home: Path) -> None:
    """Else there is none."""
    assert paths.policy_path() is None

    mine = home / ".config/tollway/policy.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("version: 1")
    assert paths.policy_path() == mine


def test_folders_are_made_for_the_user_alone(home: Path) -> None:
    """All that are missing, mode 0700, whatever the umask allows; those that are there stay as they are."""
    home.chmod(0o755)
    before = os.umask(0o000)
    try:
        made = paths.make_dir(paths.data_dir())
    finally:
        os.umask(before)

    assert made == home / ".local/share/tollway"
    for folder in (made, made.parent, made.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o755
    assert paths.make_dir(made) == made


def test_a_folder_that_cannot_be_made_is_named(home: Path) -> None:
    """With what stands in the way, and what to do."""
    (home / "file").write_text("")

    with pytest.raises(TollwayError) as caught:
        paths.make_dir(home / "file" / "tollway")

    assert str(caught.value) == (
        f"the folder {home}/file/tollway can't be made: File exists ({home}/file);"
        " make it writable, or set TOLLWAY_HOME to a folder that is"
    )


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    """/proc refuses root, too; elsewhere a folder without the write bit refuses everyone else."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc here, which alone refuses root")

    with pytest.raises(TollwayError, match=r"^the folder /proc/tollway can't be made: "):
        paths.make_dir(Path("/proc/tollway"))
    with pytest.raises(TollwayError, match=r"^the folder /proc/self can't be written to; make it writable"):
        paths.make_dir(Path("/proc/self"))


def test_no_home_at_all_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without an entry and without HOME must name a folder."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)

    with pytest.raises(TollwayError, match="set HOME, or TOLLWAY_HOME"):
        paths.data_dir()


def test_where_nobody_can_know_whether_a_file_is_there_it_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in another user's home folder, which sudo may leave in HOME; for root, a name that is too long."""
    monkeypatch.setenv("TOLLWAY_HOME", str(home / ("x" * 300)))

    with pytest.raises(TollwayError, match=r"policy\.yaml can't be looked for: .*; is HOME another user's\?"):
        paths.policy_path()
