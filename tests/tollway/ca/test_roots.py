"""Where a system keeps its roots."""

from pathlib import Path

import certifi
import pytest

from tollway.ca.pem import encode
from tollway.ca.roots import java_roots, system_roots


def test_the_first_place_with_a_certificate_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_bytes(b"# nothing\n")
    (tmp_path / "first.pem").write_bytes(encode(b"a"))
    (tmp_path / "second.pem").write_bytes(encode(b"b"))
    places = [str(tmp_path / name) for name in ("absent.pem", "empty.pem", "first.pem", "second.pem")]

    assert system_roots(places) == tmp_path / "first.pem"


def test_without_any_mozillas_roots_stand_in(tmp_path: Path) -> None:
    assert system_roots([str(tmp_path)]) == Path(certifi.where())


@pytest.mark.parametrize("name", ["lib/security/cacerts", "jre/lib/security/cacerts"])
def test_java_home_comes_first(tmp_path: Path, name: str) -> None:
    store = tmp_path / "jdk" / name
    store.parent.mkdir(parents=True)
    store.touch()

    assert java_roots({"JAVA_HOME": str(tmp_path / "jdk"), "PATH": ""}) == store


def test_the_java_on_path_is_found_through_its_links(tmp_path: Path) -> None:
    java = tmp_path / "jdk/bin/java"
    for file in (java, tmp_path / "jdk/lib/security/cacerts", tmp_path / "jdk/lib/security/jssecacerts"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").symlink_to(java)

    found = java_roots({"PATH": str(tmp_path / "bin"), "JAVA_HOME": str(tmp_path / "absent")})

    assert found == tmp_path / "jdk/lib/security/jssecacerts"


def test_without_java_there_is_no_store(tmp_path: Path) -> None:
    assert java_roots({"PATH": str(tmp_path)}) is None
