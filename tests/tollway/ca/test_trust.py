"""The commands that make a system trust the authority, and the way back."""

import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from tollway.ca import pem
from tollway.ca.authority import Authority
from tollway.ca.make import make
from tollway.ca.trust import TARGETS, debian, this_system

CERTIFICATE = Path("/data dir/tollway-ca.pem")


@pytest.mark.parametrize("target", list(TARGETS))
def test_every_target_can_be_made_to_trust_and_to_trust_no_more(target: str) -> None:
    found = TARGETS[target](CERTIFICATE, "0a1b2c3d")

    assert str(CERTIFICATE) in [word for command in found.trust for word in command]
    assert any("0a1b2c3d" in word for command in found.distrust for word in command)


@pytest.mark.parametrize("target", [target for target in TARGETS if target != "windows"])
def test_a_shell_reads_the_text_back_as_the_commands(target: str) -> None:
    found = TARGETS[target](CERTIFICATE, "0a1b2c3d")
    lines = found.text().splitlines()

    commands = tuple(tuple(shlex.split(line)) for line in lines if not line.startswith("#"))

    assert commands == found.trust
    assert found.text().count("\n#   ") == len(found.distrust)


def test_windows_quotes_in_its_own_way() -> None:
    assert 'Root "/data dir/tollway-ca.pem"' in TARGETS["windows"](CERTIFICATE, "0a1b2c3d").text()


def test_each_firefox_profile_is_given_the_certificate(tmp_path: Path) -> None:
    """With a `certutil` of ours that notes what it was told."""
    for profile in ("one", "two words"):
        (tmp_path / ".mozilla/firefox" / profile).mkdir(parents=True)
        (tmp_path / ".mozilla/firefox" / profile / "cert9.db").touch()
    (tmp_path / "certutil").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\n')
    (tmp_path / "certutil").chmod(0o755)
    (command,) = TARGETS["firefox"](CERTIFICATE, "0a1b2c3d").trust

    subprocess.run(command, env={"HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True)

    assert sorted((tmp_path / "told").read_text().splitlines()) == [
        f"-A -n Tollway Root 0a1b2c3d -t C,, -i {CERTIFICATE} -d sql:{tmp_path}/.mozilla/firefox/{profile}"
        for profile in ("one", "two words")
    ]


@pytest.mark.parametrize(
    ("platform", "file", "target"),
    [
        ("darwin", "", "macos"),
        ("win32", "", "windows"),
        ("linux", "debian_version", "debian"),
        ("linux", "redhat-release", "rhel"),
        ("linux", "", None),
    ],
)
def test_a_system_is_known_by_its_files(tmp_path: Path, platform: str, file: str, target: str | None) -> None:
    (tmp_path / "etc").mkdir()
    if file:
        (tmp_path / "etc" / file).touch()

    assert this_system(platform, tmp_path) == target


def test_debian_itself_puts_the_root_into_its_bundle_and_takes_it_out(
    tmp_path: Path, authority: Authority, now: datetime
) -> None:
    """The real `update-ca-certificates`, on a system in a folder."""
    if not shutil.which("update-ca-certificates"):
        pytest.skip("NO DEBIAN: update-ca-certificates is not on PATH, `ca trust --apply` is not tested")
    for folder in ("etc/ssl/certs", "etc/ca-certificates/update.d", "usr/share/ca-certificates"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/ca-certificates.conf").touch()
    others = make([], now).root_pem()
    (tmp_path / "usr/local/share/ca-certificates").mkdir(parents=True)
    (tmp_path / "usr/local/share/ca-certificates/others.crt").write_bytes(others)
    (tmp_path / "root.pem").write_bytes(authority.root_pem())
    found = debian(tmp_path / "root.pem", authority.id, tmp_path)
    bundle = tmp_path / "etc/ssl/certs/ca-certificates.crt"

    for command in found.trust:
        subprocess.run(command, check=True, capture_output=True)
    trusted = set(pem.decode(bundle.read_bytes()))
    for command in found.distrust:
        subprocess.run(command, check=True, capture_output=True)

    assert trusted == {*pem.decode(authority.root_pem()), *pem.decode(others)}
    assert bundle.read_bytes() == others
