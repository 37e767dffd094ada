"""Java's trust stores, read and written."""

import os
import shutil
import struct
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from tollway.ca import pem
from tollway.ca.authority import Authority
from tollway.ca.keystore import read, refresh, write
from tollway.ca.make import make


@pytest.fixture
def der(authority: Authority) -> bytes:
    return authority.root.public_bytes(Encoding.DER)


def jks(*certificates: bytes, version: int = 2) -> bytes:
    """A store with a private key first, as Java's own documentation of the format has it."""

    def text(value: bytes) -> bytes:
        return struct.pack(">H", len(value)) + value

    def sized(value: bytes) -> bytes:
        return struct.pack(">I", len(value)) + value

    chain = struct.pack(">I", 2) + (text(b"X.509") + sized(b"chained")) * 2
    entries = [struct.pack(">I", 1) + text(b"mine") + bytes(8) + sized(b"secret") + chain]
    for certificate in certificates:
        entries.append(struct.pack(">I", 2) + text(b"root") + bytes(8) + text(b"X.509") + sized(certificate))
    head = struct.pack(">III", 0xFEEDFEED, version, len(entries))
    return head + b"".join(entries) + bytes(20)


def test_of_a_jks_store_the_trusted_certificates_are_read(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(jks(b"one", b"two"))

    assert read(tmp_path / "store") == [b"one", b"two"]


def test_a_jks_store_that_breaks_off_is_refused(tmp_path: Path) -> None:
    data = jks(b"one" * 20)

    for end in range(4, len(data) - 20 - 60 - 4):
        (tmp_path / "store").write_bytes(data[:end])
        with pytest.raises(ValueError, match="breaks off"):
            read(tmp_path / "store")


def test_a_jks_store_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(jks(version=1))

    with pytest.raises(ValueError, match="version 1, not 2"):
        read(tmp_path / "store")


@pytest.mark.parametrize("password", ["changeit", "own"])
def test_a_pkcs12_store_is_read_with_its_password(tmp_path: Path, der: bytes, password: str) -> None:
    entry = pkcs12.PKCS12Certificate(x509.load_der_x509_certificate(der), b"x")
    encryption = BestAvailableEncryption(password.encode())
    (tmp_path / "store").write_bytes(pkcs12.serialize_java_truststore([entry], encryption))

    assert read(tmp_path / "store", password) == [der]


@pytest.mark.parametrize("content", [b"", b"text", b"\x30\x03\x02\x01\x03"])
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store").write_bytes(content)

    with pytest.raises(ValueError, match="no JKS or PKCS12 store of this password"):
        read(tmp_path / "store")


def test_what_is_written_is_read(tmp_path: Path, authority: Authority, der: bytes, now: datetime) -> None:
    other = make([], now).root.public_bytes(Encoding.DER).replace(b"\x0c\x07Tollway", b"\x0c\x07Another")

    write(tmp_path / "java.p12", [other, other], authority.root_pem())

    assert read(tmp_path / "java.p12") == read(tmp_path / "java.p12", "any") == [other, der]


def test_a_new_authority_takes_the_place_of_the_old_one(
    tmp_path: Path, authority: Authority, now: datetime
) -> None:
    newer = make([], now).root_pem()
    write(tmp_path / "java.p12", [], authority.root_pem())

    refresh(tmp_path, newer)

    assert read(tmp_path / "java.p12") == pem.decode(newer)


@pytest.mark.parametrize("kind", ["jks", "pkcs12"])
def test_a_store_of_keytools_is_read(tmp_path: Path, authority: Authority, der: bytes, kind: str) -> None:
    if not shutil.which("keytool"):
        pytest.skip("NO JAVA: keytool is not on PATH, its stores are not tested")
    (tmp_path / "root.pem").write_bytes(authority.root_pem())
    subprocess.run(
        ["keytool", "-importcert", "-noprompt", "-alias", "corporate", "-file", tmp_path / "root.pem",
         "-keystore", tmp_path / "store", "-storetype", kind, "-storepass", "own-secret"],
        check=True, capture_output=True, env={**os.environ, "JAVA_TOOL_OPTIONS": ""},
    )  # fmt: skip

    assert read(tmp_path / "store", "own-secret") == [der]
