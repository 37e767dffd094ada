"""A trust store as Java reads it."""

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12

from tollway.ca.authority import Authority
from tollway.ca.make import make
from tollway.ca.pkcs12 import truststore


@pytest.fixture
def roots(authority: Authority, now: datetime) -> list[bytes]:
    certificates = [authority.root, *(make([], now).root for _ in range(130))]
    return [certificate.public_bytes(Encoding.DER) for certificate in certificates]


def test_another_reader_finds_the_certificates_in_their_order(roots: list[bytes]) -> None:
    entries = pkcs12.load_pkcs12(truststore(roots), None).additional_certs

    assert [entry.certificate.public_bytes(Encoding.DER) for entry in entries] == roots
    assert entries[1].friendly_name == b"tollway-1"


def test_its_bags_are_those_that_another_writer_makes(roots: list[bytes]) -> None:
    """But for the MAC, which that one adds at the end, and the length in front."""
    entry = pkcs12.PKCS12Certificate(x509.load_der_x509_certificate(roots[0]), b"tollway-0")
    other = pkcs12.serialize_java_truststore([entry], NoEncryption())

    assert truststore(roots[:1])[4:] in other


def test_the_same_certificates_give_the_same_bytes(roots: list[bytes]) -> None:
    assert truststore(roots) == truststore(roots)


@pytest.mark.parametrize("password", ["changeit", "another", None])
def test_keytool_lists_every_certificate_as_trusted_with_any_password(
    tmp_path: Path, roots: list[bytes], password: str | None
) -> None:
    if not shutil.which("keytool"):
        pytest.skip("NO JAVA: keytool is not on PATH, Java's reading of the trust store is not tested")
    (tmp_path / "store.p12").write_bytes(truststore(roots))
    given = ("-storepass", password) if password else ()

    listed = subprocess.run(
        ["keytool", "-list", "-keystore", str(tmp_path / "store.p12"), *given],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip

    assert listed.stdout.count("trustedCertEntry") == len(roots), listed.stderr
