"""The commands that make a system, or a program with roots of its own, trust the authority."""

import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tollway.ca.pkcs12 import DEFAULT_PASSWORD

type Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """What to run. Commands that begin with `sudo` need root."""

    trust: tuple[Command, ...]
    distrust: tuple[Command, ...]
    note: str = ""
    show: Callable[[Command], str] = shlex.join

    def text(self) -> str:
        """The commands as a person runs them, comments included."""
        lines = [f"# {self.note}"] if self.note else []
        back = ["# and to take it back:", *("#   " + self.show(c) for c in self.distrust)]
        return "\n".join([*lines, *map(self.show, self.trust), *back])


def debian(certificate: Path, tag: str, root: Path = Path("/")) -> Trust:
    """Debian, Ubuntu and what comes of them. `root` is the system's: an image's, while it is built."""
    local = root / "usr/local/share/ca-certificates"
    file = str(local / f"tollway-{tag}.crt")
    sudo: Command = ("sudo",)
    update: Command = ("update-ca-certificates",)
    if root != Path("/"):
        etc = root / "etc"
        sudo = ()
        update += (
            *("--certsconf", str(etc / "ca-certificates.conf")),
            *("--certsdir", str(root / "usr/share/ca-certificates")),
            *("--localcertsdir", str(local)),
            *("--etccertsdir", str(etc / "ssl/certs")),
            *("--hooksdir", str(etc / "ca-certificates/update.d")),
        )
    return Trust(
        ((*sudo, "install", "-D", "-m", "0644", str(certificate), file), (*sudo, *update)),
        ((*sudo, "rm", file), (*sudo, *update, "--fresh")),
    )


def _rhel(certificate: Path, tag: str) -> Trust:
    file = f"/etc/pki/ca-trust/source/anchors/tollway-{tag}.pem"
    update = ("sudo", "update-ca-trust", "extract")
    install = ("sudo", "install", "-D", "-m", "0644", str(certificate), file)
    return Trust((install, update), (("sudo", "rm", file), update))


def _macos(certificate: Path, tag: str) -> Trust:
    keychain = "/Library/Keychains/System.keychain"
    add = ("add-trusted-cert", "-d", "-r", "trustRoot", "-p", "ssl", "-k", keychain, str(certificate))
    return Trust(
        (("sudo", "security", *add),),
        (("sudo", "security", "delete-certificate", "-c", _name(tag), keychain),),
        "Programs in Go read nothing else on macOS.",
    )


def _windows(certificate: Path, tag: str) -> Trust:
    return Trust(
        (("certutil", "-addstore", "-f", "Root", str(certificate)),),
        (("certutil", "-delstore", "Root", _name(tag)),),
        "As Administrator; with -user after certutil, for you alone.",
        subprocess.list2cmdline,
    )


def _java(certificate: Path, tag: str) -> Trust:
    store = ("-cacerts", "-storepass", DEFAULT_PASSWORD, "-alias", f"tollway-{tag}")
    return Trust(
        (("sudo", "keytool", "-importcert", "-noprompt", *store, "-file", str(certificate)),),
        (("sudo", "keytool", "-delete", *store),),
        "For the Java whose keytool this is. Java 8 has no -cacerts: -keystore "
        '"$JAVA_HOME/jre/lib/security/cacerts"',
    )


def _firefox(certificate: Path, tag: str) -> Trust:
    def each(*words: str) -> Command:
        return ("sh", "-c", _EACH_PROFILE, "sh", *words)

    return Trust(
        (each("-A", "-n", _name(tag), "-t", "C,,", "-i", str(certificate)),),
        (each("-D", "-n", _name(tag)),),
        "On Linux; certutil is in libnss3-tools or nss-tools. On macOS and Windows Firefox trusts what the "
        "system trusts.",
    )


_EACH_PROFILE = 'for db in ~/.mozilla/firefox/*/cert9.db; do certutil "$@" -d "sql:${db%/*}"; done'
TARGETS: Mapping[str, Callable[[Path, str], Trust]] = {
    "debian": debian,
    "rhel": _rhel,
    "macos": _macos,
    "windows": _windows,
    "java": _java,
    "firefox": _firefox,
}
"""What can be made to trust -> the commands, of the root's file and the authority's id."""


def _name(tag: str) -> str:
    return f"Tollway Root {tag}"


def this_system(platform: str, root: Path = Path("/")) -> str | None:
    """Which target this system is, by `sys.platform` and its files; None if it is none of them."""
    if platform in ("darwin", "win32"):
        return {"darwin": "macos", "win32": "windows"}[platform]
    found = {"debian": "etc/debian_version", "rhel": "etc/redhat-release"}
    return next((target for target, file in found.items() if (root / file).exists()), None)
