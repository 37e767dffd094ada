"""Files of trusted certificates."""

import ssl
from datetime import datetime
from pathlib import Path

import pytest

from tollway.ca import bundle, pem
from tollway.ca.authority import Authority
from tollway.ca.bundle import certificates, refresh, union, write
from tollway.ca.make import make
from tollway.ca.recipe import Recipe
from tollway.ca.roots import system_roots
from tollway.ca.store import root_path


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.pem"
    path.write_bytes(b"Our corporate root\r\n" + pem.encode(b"corporate"))
    return path


@pytest.fixture
def root(authority: Authority) -> bytes:
    return authority.root_pem()


def held(path: Path) -> list[bytes]:
    return pem.decode(path.read_bytes())


def test_the_systems_roots_and_ours(tmp_path: Path, root: bytes) -> None:
    written = write(tmp_path, Recipe(True), root)

    assert written.path == tmp_path / "bundle.pem"
    assert held(written.path)[-1:] == pem.decode(root)
    assert set(certificates(system_roots())) < set(held(written.path))


def test_openssl_loads_every_certificate_of_it(tmp_path: Path, root: bytes) -> None:
    path = write(tmp_path, Recipe(True), root).path
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    context.load_verify_locations(path)

    assert len(context.get_ca_certs()) == len(set(held(path)))


def test_an_own_bundle_is_merged_and_never_touched(tmp_path: Path, own: Path, root: bytes) -> None:
    before = own.read_bytes()

    written = write(tmp_path, Recipe(False, (str(own),)), root)

    assert held(written.path) == [b"corporate", *pem.decode(root)]
    assert own.read_bytes() == before
    assert not written.unread


def test_two_own_bundles_have_a_file_each(tmp_path: Path, own: Path, root: bytes) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(pem.encode(b"other"))

    one = write(tmp_path, Recipe(False, (str(own),)), root).path
    two = write(tmp_path, Recipe(False, (str(other),)), root).path

    assert held(one)[:-1] == [b"corporate"]
    assert held(two)[:-1] == [b"other"]


def test_an_own_folder_is_read_file_by_file(tmp_path: Path, own: Path, root: bytes) -> None:
    folder = tmp_path / "certs"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.pem").write_bytes(pem.encode(b"b"))
    (folder / "a.0").write_bytes(pem.encode(b"a"))
    (folder / "README").write_bytes(b"no certificate")

    written = write(tmp_path, Recipe(False, (str(folder), str(own))), root)

    assert held(written.path)[:-1] == [b"a", b"b", b"corporate"]


def test_our_root_alone_is_the_file_that_clients_are_to_trust(tmp_path: Path, root: bytes) -> None:
    written = write(tmp_path, Recipe(False), root)

    assert written.path == root_path(tmp_path)
    assert written.path.read_bytes() == root


def test_a_file_that_can_not_be_read_is_named_and_the_systems_roots_stand_in(
    tmp_path: Path, own: Path, root: bytes
) -> None:
    absent = str(tmp_path / "absent.pem")

    alone = write(tmp_path, Recipe(False, (absent,)), root)
    beside = write(tmp_path, Recipe(False, (absent, str(own))), root)

    assert alone.unread == beside.unread == (absent,)
    assert len(held(alone.path)) > 50
    assert held(beside.path)[:-1] == [b"corporate"]


def test_it_follows_the_roots_that_it_is_made_of(tmp_path: Path, own: Path, root: bytes) -> None:
    recipe = Recipe(False, (str(own),))
    path = write(tmp_path, recipe, root).path
    first = path.stat().st_ino
    write(tmp_path, recipe, root)
    assert path.stat().st_ino == first

    own.write_bytes(pem.encode(b"changed"))
    write(tmp_path, recipe, root)

    assert held(path)[:-1] == [b"changed"]


def test_an_authority_that_was_replaced_does_not_live_on(
    tmp_path: Path, own: Path, root: bytes, now: datetime
) -> None:
    recipe = Recipe(False, (str(own),))
    path = write(tmp_path, recipe, root).path
    (tmp_path / "bundle-foreign.pem").write_bytes(b"not ours")
    newer = make([], now).root_pem()

    refresh(tmp_path, newer)
    nested = write(tmp_path, Recipe(False, (str(path),)), newer).path

    assert held(path) == held(nested) == [b"corporate", *pem.decode(newer)]
    assert (tmp_path / "bundle-foreign.pem").read_bytes() == b"not ours"


def test_a_certificate_is_held_once_and_ours_is_last(authority: Authority, now: datetime) -> None:
    ours = pem.decode(authority.root_pem())
    older = pem.decode(make([], now).root_pem())

    assert union([b"a", *ours, *older, b"b", b"a"], ours) == [b"a", b"b", *ours]


def test_the_mark_of_ours_is_in_every_root_of_ours(authority: Authority) -> None:
    (der,) = pem.decode(authority.root_pem())

    assert bundle._OURS in der
