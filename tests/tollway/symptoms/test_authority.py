"""This machine's authority, and the root that is at hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tollway.ca import record, store
from tollway.ca.authority import AuthorityError
from tollway.ca.make import LIFETIME, make
from tollway.symptoms.authority import expected, held

NOW = datetime(2026, 11, 29, tzinfo=UTC)
HOSTS = ("api.openai.com",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A `ca` folder with an authority of now."""
    folder = tmp_path / "data" / "ca"
    store.load_or_make(folder, HOSTS, NOW)
    return folder


def test_what_the_folder_has_is_told(folder: Path) -> None:
    authority = store.load(folder, NOW)
    assert authority is not None

    found = held(folder, HOSTS, NOW)

    assert (found.id, found.ends, found.ends_soon) == (authority.id, authority.ends(), None)
    assert (found.failure, found.uncovered) == (None, ())


def test_what_it_can_not_speak_for_is_told(folder: Path) -> None:
    assert held(folder, (*HOSTS, "llm.corp.example"), NOW).uncovered == ("llm.corp.example",)


def test_its_end_is_told_before_and_after(folder: Path) -> None:
    soon = held(folder, HOSTS, NOW + LIFETIME - timedelta(days=3))
    over = held(folder, HOSTS, NOW + LIFETIME)

    assert "ends in 3 days" in (soon.ends_soon or "")
    assert "ended on " in (over.failure or "")


def test_a_key_that_others_can_read_is_a_failure(folder: Path) -> None:
    store.secret_path(folder).chmod(0o644)

    assert "it can be read by others (mode 0644)" in (held(folder, HOSTS, NOW).failure or "")


def test_nothing_is_made(tmp_path: Path) -> None:
    assert held(tmp_path / "ca", HOSTS, NOW).id is None
    assert expected(tmp_path / "ca", None) is None
    assert list(tmp_path.iterdir()) == []


def test_the_root_at_hand_is_the_own_unless_another_is_chosen(folder: Path, tmp_path: Path) -> None:
    other = make(HOSTS, NOW)
    file = tmp_path / "other.pem"
    file.write_bytes(other.root_pem())

    own, chosen = expected(folder, None), expected(folder, file)

    assert own is not None
    assert chosen is not None
    assert own.authority == record.parse(store.secret_path(folder).read_bytes()).id
    assert (own.file, own.chosen) == (str(store.root_path(folder)), False)
    assert (chosen.authority, chosen.file, chosen.chosen) == (other.id, str(file), True)


def test_a_chosen_root_that_is_none_is_an_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="none"):
        expected(folder, tmp_path / "none")
