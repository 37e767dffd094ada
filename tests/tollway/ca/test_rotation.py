"""Another authority takes the place of the one that there is."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tollway.ca.conftest import HOSTS
from tollway.ca import pem, record, rotation, store
from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.make import LIFETIME
from tollway.ca.store import StoreError

WEEK = timedelta(days=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ca"


@pytest.fixture
def first(folder: Path, now: datetime) -> Authority:
    return store.load_or_make(folder, HOSTS, now)


def roots(folder: Path) -> list[bytes]:
    """What clients are to trust."""
    return pem.decode(store.root_path(folder).read_bytes())


def test_the_next_one_is_trusted_at_once_and_signs_from_its_time_on(
    folder: Path, first: Authority, now: datetime
) -> None:
    fresh, found = rotation.rotate(folder, [*HOSTS, "api.new.example"], now, now + WEEK)

    assert found.trusted(now).ids == (first.id, fresh.id)
    assert roots(folder) == [*pem.decode(first.root_pem()), *pem.decode(fresh.root_pem())]
    for moment, signing in ((now, first), (now + WEEK, fresh)):
        signs = store.load(folder, moment)
        assert signs is not None
        assert signs.id == signing.id
    assert fresh.covers("api.new.example")
    assert stat.S_IMODE(store.next_path(folder).stat().st_mode) == 0o600


def test_systems_that_take_one_root_from_a_file_find_each(
    folder: Path, first: Authority, now: datetime
) -> None:
    fresh, found = rotation.rotate(folder, HOSTS, now, now + WEEK)

    each = store.each_path(folder, found.trusted(now))
    assert {id: path.read_bytes() for id, path in each.items()} == {
        first.id: first.root_pem(), fresh.id: fresh.root_pem(),
    }  # fmt: skip
    _, left = rotation.retire(folder, now + WEEK)
    assert store.each_path(folder, left.trusted(now)) == {fresh.id: store.root_path(folder)}
    assert not any(path.exists() for path in each.values())


def test_once_the_former_one_is_retired_its_key_is_gone_and_the_next_one_alone_is_trusted(
    folder: Path, first: Authority, now: datetime
) -> None:
    fresh, _ = rotation.rotate(folder, HOSTS, now, now + WEEK)

    retired, left = rotation.retire(folder, now + WEEK)

    assert (retired.id, left.first.id) == (first.id, fresh.id)
    assert roots(folder) == pem.decode(fresh.root_pem())
    assert sorted(path.name for path in folder.iterdir()) == ["authority.pem", "tollway-ca.pem"]
    assert store.load_or_make(folder, [], now).id == fresh.id
    assert record.key_pem(first) not in store.secret_path(folder).read_bytes()


def test_nobody_is_cut_off_by_retiring_too_early(folder: Path, first: Authority, now: datetime) -> None:
    with pytest.raises(StoreError, match="nothing to retire"):
        rotation.retire(folder, now)
    rotation.rotate(folder, HOSTS, now, now + WEEK)

    with pytest.raises(StoreError, match=f"{first.id} until then: clients would be cut off"):
        rotation.retire(folder, now + WEEK - timedelta(seconds=1))


def test_one_rotation_after_the_other(folder: Path, first: Authority, now: datetime) -> None:
    fresh, _ = rotation.rotate(folder, HOSTS, now, now + WEEK)

    with pytest.raises(StoreError, match=rf"authority-next\.pem: {fresh.id} is to sign from .* UTC on"):
        rotation.rotate(folder, HOSTS, now, now + WEEK)
    rotation.retire(folder, now + WEEK)
    newer, found = rotation.rotate(folder, HOSTS, now + WEEK, now + 2 * WEEK)

    assert found.trusted(now + WEEK).ids == (fresh.id, newer.id)


def test_where_there_is_none_nothing_is_rotated(folder: Path, now: datetime) -> None:
    with pytest.raises(StoreError, match="`tollway ca init` makes one"):
        rotation.rotate(folder, HOSTS, now, now)
    with pytest.raises(StoreError, match="nothing to retire"):
        rotation.retire(folder, now)


def test_the_former_one_may_end_before_it_is_retired(folder: Path, first: Authority, now: datetime) -> None:
    """What was trusted until its end is then trusted no longer, by itself."""
    late = now + LIFETIME - timedelta(days=1)
    fresh, _ = rotation.rotate(folder, HOSTS, late, late)

    found = store.succession_or_make(folder, [], now + LIFETIME)

    assert found.signing(now + LIFETIME).id == fresh.id
    assert roots(folder) == pem.decode(fresh.root_pem())


def test_a_key_that_is_handed_over_is_nowhere_in_the_folder(folder: Path, now: datetime) -> None:
    taken: list[bytes] = []
    store.renew(folder, HOSTS, now, taken.append)
    fresh, _ = rotation.rotate(folder, HOSTS, now, now + WEEK, taken.append)

    assert not [path.name for path in folder.iterdir() if b"PRIVATE" in path.read_bytes()]
    keys = record.keys_in(b"".join(taken))
    found = store.succession(folder, now, keys)
    assert found is not None
    assert found.lacking() == ()
    assert found.signing(now + WEEK).id == fresh.id
    with pytest.raises(AuthorityError, match="--ca-key"):
        store.load(folder, now)


def test_an_authority_made_anew_by_force_ends_a_rotation(
    folder: Path, first: Authority, now: datetime
) -> None:
    fresh, _ = rotation.rotate(folder, HOSTS, now, now + WEEK)

    forced, _ = store.renew(folder, HOSTS, now)

    found = store.succession(folder, now + WEEK)
    assert found is not None
    assert found.trusted(now + WEEK).ids == (forced.id,)
    (aside,) = folder.glob("authority-next-replaced-*.pem")
    assert record.parse(aside.read_bytes()).id == fresh.id


@pytest.mark.parametrize("head", [b"", b"Signs-From: soon\n", b"Signs-From: 2026-12-07T00:00:00\n"])
def test_a_next_one_that_does_not_say_when_is_refused(
    folder: Path, first: Authority, now: datetime, head: bytes
) -> None:
    rotation.rotate(folder, HOSTS, now, now + WEEK)
    path = store.next_path(folder)
    path.write_bytes(head + path.read_bytes().partition(b"\n")[2])

    with pytest.raises(StoreError, match=r"authority-next\.pem: its first line should be `Signs-From: `"):
        store.load(folder, now)


def test_who_comes_second_is_told(
    folder: Path, first: Authority, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that rotate at the same time: the first file stands."""
    monkeypatch.setattr(store, "put", lambda path, data: False)

    with pytest.raises(StoreError, match="somebody else made it just now"):
        rotation.rotate(folder, HOSTS, now, now)


def test_times_are_told_in_utc() -> None:
    assert rotation.at(datetime(2026, 12, 7, 9, 5, tzinfo=UTC)) == "2026-12-07 09:05 UTC"
