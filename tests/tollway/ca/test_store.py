"""The authority on disk: made once, private, and refused with what to do if it is not."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.tollway.ca.conftest import HOSTS
from tollway.ca import record, store
from tollway.ca.authority import Authority
from tollway.ca.make import LIFETIME
from tollway.ca.store import StoreError, load, load_or_make, renew, replace, root_path, secret_path
from tollway.errors import TollwayError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ca"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_there_is_none_at_first(folder: Path, now: datetime) -> None:
    assert load(folder, now) is None
    assert not folder.exists()


def test_the_first_use_makes_one_and_the_next_finds_it(folder: Path, now: datetime) -> None:
    made = load_or_make(folder, HOSTS, now)

    found = load_or_make(folder, [], now)

    assert found.root == made.root
    assert found.covers("api.openai.com")


def test_hosts_are_asked_for_only_when_one_is_made(folder: Path, now: datetime) -> None:
    def never() -> Iterator[str]:
        pytest.fail("asked for hosts")
        yield

    load_or_make(folder, HOSTS, now)

    assert load_or_make(folder, never(), now).covers("api.openai.com")


def test_only_its_owner_can_read_it_whatever_the_umask(folder: Path, now: datetime) -> None:
    before = os.umask(0)
    try:
        load_or_make(folder, HOSTS, now)
    finally:
        os.umask(before)

    assert mode(folder) == mode(folder.parent) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "authority.pem": 0o600,
        "tollway-ca.pem": 0o600,
    }


def test_the_root_lies_beside_it_without_a_key(folder: Path, now: datetime) -> None:
    made = load_or_make(folder, HOSTS, now)

    assert root_path(folder).read_bytes() == made.root_pem()
    assert b"KEY" not in root_path(folder).read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="NO MODES HERE: Windows keeps users' folders private itself")
@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(folder: Path, now: datetime, bits: int) -> None:
    load_or_make(folder, HOSTS, now)
    secret_path(folder).chmod(bits)

    with pytest.raises(StoreError) as caught:
        load(folder, now)

    assert f"mode {bits:04o}" in str(caught.value)
    assert f"`chmod 600 {secret_path(folder)}`" in str(caught.value)
    assert "tollway ca init --force" in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="NO MODES HERE: Windows keeps users' folders private itself")
def test_a_folder_that_others_can_write_to_is_refused(folder: Path, now: datetime) -> None:
    load_or_make(folder, HOSTS, now)
    folder.chmod(0o777)

    with pytest.raises(StoreError, match=r"written by others \(mode 0777\).*`chmod 700 "):
        load(folder, now)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="ONLY ROOT can give files away")
def test_a_key_of_another_user_is_refused(
    folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_or_make(folder, HOSTS, now)
    os.chown(secret_path(folder), 12345, 12345)

    assert load(folder, now) is not None
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(StoreError, match="belongs to user 12345, not to you"):
        load(folder, now)


def test_a_broken_file_is_refused_with_its_path(folder: Path, now: datetime) -> None:
    load_or_make(folder, HOSTS, now)
    secret_path(folder).write_bytes(b"")

    with pytest.raises(StoreError, match=r"authority\.pem: it should hold .*: restore it, or run"):
        load(folder, now)


def test_a_key_that_belongs_to_another_certificate_is_refused(
    folder: Path, now: datetime, authority: Authority
) -> None:
    load_or_make(folder, HOSTS, now)
    own = secret_path(folder).read_bytes()
    foreign_key = record.dump(authority).partition(b"-----BEGIN CERTIFICATE")[0]
    begin = own.index(b"-----BEGIN CERTIFICATE")
    secret_path(folder).write_bytes(foreign_key + own[begin:])

    with pytest.raises(StoreError, match=r"authority\.pem: the issuer for .* is another key's"):
        load(folder, now)


@pytest.mark.parametrize(("days", "said"), [(5 * 365, "ended on"), (-3, "set the clock, or")])
def test_one_out_of_its_time_is_refused(folder: Path, now: datetime, days: int, said: str) -> None:
    load_or_make(folder, HOSTS, now)
    assert timedelta(days=5 * 365) == LIFETIME

    with pytest.raises(StoreError, match=said):
        load(folder, now + timedelta(days=days))


def test_a_folder_that_can_not_be_made_is_told_with_what_to_do(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(TollwayError, match="TOLLWAY_HOME"):
        load_or_make(tmp_path / "data" / "ca", HOSTS, now)


def test_renewing_makes_another_and_puts_the_old_one_aside(folder: Path, now: datetime) -> None:
    old = load_or_make(folder, HOSTS, now)

    new, kept = renew(folder, [*HOSTS, "api.new.example"], now)

    assert kept is not None
    assert mode(kept) == 0o600
    assert record.parse(kept.read_bytes()).root == old.root
    assert load_or_make(folder, [], now).root == new.root != old.root
    assert new.covers("api.new.example")
    assert root_path(folder).read_bytes() == new.root_pem()


def test_renewing_replaces_a_broken_one_and_needs_none(folder: Path, now: datetime) -> None:
    new, kept = renew(folder, HOSTS, now)
    secret_path(folder).write_bytes(b"broken")

    newer, kept_then = renew(folder, HOSTS, now)

    assert kept is None
    assert kept_then is not None
    assert kept_then.read_bytes() == b"broken"
    assert new.root != newer.root


def test_a_file_is_replaced_at_once_and_left_alone_if_it_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace(path, b"one")
    first = path.stat()
    replace(path, b"one")
    same = path.stat()
    replace(path, b"two")

    assert (first.st_ino, first.st_mtime_ns) == (same.st_ino, same.st_mtime_ns)
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


def test_who_comes_second_gets_what_the_first_one_made(
    folder: Path, now: datetime, authority: Authority
) -> None:
    """The two are between finding nothing and linking at the same time: the first link stands."""
    first = load_or_make(folder, HOSTS, now)

    second = store._first(folder, authority, now)

    assert second.root == first.root != authority.root


def test_one_that_vanishes_again_is_told(
    folder: Path, now: datetime, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanished(source: Path, target: Path) -> None:
        raise FileExistsError(target)

    monkeypatch.setattr(os, "link", vanished)

    with pytest.raises(StoreError, match="try again"):
        store._first(folder, authority, now)


STARTED_TOGETHER = """
import sys
from datetime import datetime
from pathlib import Path
from tollway.ca.store import load_or_make
now = datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
print(load_or_make(Path(sys.argv[1]), [f"h{i}.example" for i in range(50)], now).fingerprint())
"""


def test_processes_that_start_at_once_agree(folder: Path, now: datetime) -> None:
    command = [sys.executable, "-c", STARTED_TOGETHER, str(folder), now.isoformat()]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = {process.communicate()[0] for process in processes}

    found = load(folder, now)
    assert found is not None
    assert answers == {found.fingerprint() + "\n"}
    assert sorted(path.name for path in folder.iterdir()) == ["authority.pem", "tollway-ca.pem"]
