"""Where a system keeps the roots that it trusts."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import certifi

PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch, Gentoo, NixOS
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # RHEL 10, where the one above is gone
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/opt/homebrew/etc/ca-certificates/cert.pem",  # macOS: Homebrew copies the keychain's roots
    "/usr/local/etc/ca-certificates/cert.pem",
    "/etc/ssl/cert.pem",  # macOS, BSD
)
_STORES = ("jssecacerts", "cacerts")  # in the order in which Java looks


def system_roots(places: Iterable[str] = PLACES) -> Path:
    """The first bundle of the system that holds a certificate; Mozilla's (certifi) if there is none."""
    for place in places:
        path = Path(place)
        try:
            if b"-----BEGIN CERTIFICATE-----" in path.read_bytes():
                return path
        except OSError:
            continue
    return Path(certifi.where())


def java_roots(present: Mapping[str, str]) -> Path | None:
    """The trust store of the Java that a program would run: JAVA_HOME's, else the one on PATH."""
    homes = [Path(present["JAVA_HOME"])] if present.get("JAVA_HOME") else []
    if java := shutil.which("java", path=present.get("PATH", os.defpath)):
        homes.append(Path(java).resolve().parent.parent)
    for home in homes:
        for folder in (home / "lib/security", home / "jre/lib/security"):
            for name in _STORES:
                if os.access(folder / name, os.R_OK):
                    return folder / name
    return None
