"""The trust store that Java programs are given."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from tollway.ca import bundle, keystore, pem
from tollway.ca.authority import Authority
from tollway.ca.pkcs12 import truststore
from tollway.ca.roots import system_roots
from tollway.environment.java_store import write


@pytest.fixture
def ours(authority: Authority) -> list[bytes]:
    return pem.decode(authority.root_pem())


@pytest.fixture
def corporate(authority: Authority) -> bytes:
    """A root that is no Tollway's."""
    return authority.root.public_bytes(Encoding.DER).replace(b"\x0c\x07Tollway", b"\x0c\x07Another")


def test_without_java_it_holds_the_systems_roots(
    folder: Path, authority: Authority, bare: dict[str, str], ours: list[bytes]
) -> None:
    found = write(folder, authority.root_pem(), {**bare, "PATH": "/nonexistent"})

    assert found.path == folder / "java.p12"
    assert not found.warning
    assert keystore.read(found.path) == bundle.union(bundle.certificates(system_roots()), ours)


@pytest.mark.parametrize("readable", [True, False])
def test_it_holds_what_java_itself_trusts_if_that_can_be_read(
    folder: Path, authority: Authority, bare: dict[str, str], tmp_path: Path,
    ours: list[bytes], corporate: bytes, readable: bool,
) -> None:  # fmt: skip
    store = tmp_path / "jdk/lib/security/cacerts"
    store.parent.mkdir(parents=True)
    store.write_bytes(truststore([corporate]) if readable else b"?")

    found = write(folder, authority.root_pem(), {**bare, "JAVA_HOME": str(tmp_path / "jdk")})

    assert found.path is not None
    if readable:
        assert keystore.read(found.path) == [corporate, *ours]
    else:
        assert len(keystore.read(found.path)) > 50


def test_an_own_store_is_copied_with_ours_and_not_touched(
    folder: Path, authority: Authority, bare: dict[str, str], tmp_path: Path,
    ours: list[bytes], corporate: bytes,
) -> None:  # fmt: skip
    entry = pkcs12.PKCS12Certificate(x509.load_der_x509_certificate(corporate), b"corporate")
    own = tmp_path / "own.p12"
    own.write_bytes(pkcs12.serialize_java_truststore([entry], BestAvailableEncryption(b"mine")))
    before = own.read_bytes()
    named = f"-Djavax.net.ssl.trustStore={own} -Djavax.net.ssl.trustStorePassword=mine"

    found = write(folder, authority.root_pem(), {**bare, "JAVA_TOOL_OPTIONS": named})

    assert found.path is not None
    assert found.path.parent == folder
    assert found.path.name != "java.p12"
    assert keystore.read(found.path) == [corporate, *ours]
    assert own.read_bytes() == before


@pytest.mark.parametrize("name", ["java.p12", "java-0123456789ab.p12"])
def test_a_store_of_ours_is_named_again(
    folder: Path, authority: Authority, bare: dict[str, str], corporate: bytes, ours: list[bytes], name: str
) -> None:
    keystore.write(folder / name, [corporate], authority.root_pem())
    named = f'"-Djavax.net.ssl.trustStore={folder / name}"'

    found = write(folder, authority.root_pem(), {**bare, "JAVA_TOOL_OPTIONS": named})

    assert found.path == folder / name
    assert keystore.read(found.path)[-1:] == ours


@pytest.mark.parametrize(("content", "said"), [(b"?", "no JKS or PKCS12 store"), (None, "No such file")])
def test_an_own_store_that_can_not_be_read_is_left_with_a_word(
    folder: Path, authority: Authority, bare: dict[str, str], tmp_path: Path, content: bytes | None, said: str
) -> None:
    own = tmp_path / "own.jks"
    if content:
        own.write_bytes(content)
    named = f"-Djavax.net.ssl.trustStore={own}"

    found = write(folder, authority.root_pem(), {**bare, "JAVA_TOOL_OPTIONS": named})

    assert found.path is None
    assert said in found.warning
    assert str(own) in found.warning
    assert "keytool -importcert" in found.warning
