"""`tollway ca`."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tollway import clock
from tollway.ca import pem, store
from tollway.cli.ca import command
from tollway.errors import TollwayError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SUDO_USER", raising=False)
    return tmp_path / "home" / "ca"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def shown(*words: str) -> Any:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0
    return json.loads(result.stdout)


def refused(*words: str) -> str:
    with pytest.raises(TollwayError) as caught:
        run(*words)
    assert caught.value.status == 1
    return str(caught.value)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """An operator's policy with a provider of their own."""
    path = tmp_path / "policy.yaml"
    path.write_text(
        "version: 1\nproviders:\n- name: corp\n  hosts: [llm.corp.example]\n"
        "  serves: [{set: openai, at: ['']}]\n"
    )
    return path


def test_before_there_is_one_show_says_how_to_get_it(folder: Path) -> None:
    text = refused("show")

    assert str(folder) in text
    assert "`tollway ca init` makes one" in text


def test_init_makes_one_for_all_providers(folder: Path) -> None:
    made = shown("init")

    assert {"api.openai.com", "api.anthropic.com", "openai.azure.com"} <= set(made["permitted"])
    assert made["kept"] is None
    assert made["uncovered"] == []
    assert shown("show") == {name: value for name, value in made.items() if name != "kept"}


def test_show_names_the_files_and_the_fingerprint(folder: Path) -> None:
    run("init")
    found = shown("show")

    assert found["certificate"] == str(folder / "tollway-ca.pem")
    assert found["key"] == str(folder / "authority.pem")
    assert found["id"] in found["subject"]
    if openssl := shutil.which("openssl"):
        words = [openssl, "x509", "-noout", "-fingerprint", "-sha256", "-in", found["certificate"]]
        assert found["sha256"] in subprocess.run(words, capture_output=True, text=True).stdout


def test_people_read_the_same(folder: Path) -> None:
    made = shown("init")
    text = run("show").stdout

    assert f"sha256       {made['sha256']}\n" in text
    assert "\n  api.openai.com\n" in text
    assert "uncovered" not in text
    assert "PRIVATE" not in text


def test_a_second_init_needs_force(folder: Path) -> None:
    first = shown("init")

    assert "--force makes a new one" in refused("init")
    second = run("init", "--force")

    assert first["id"] not in second.stdout.partition("permitted")[0].partition("kept")[0]
    assert "Restart running proxies" in second.stderr
    (kept,) = folder.glob("authority-replaced-*.pem")
    assert str(kept) in second.stderr
    assert shown("show")["id"] != first["id"]


def test_force_renews_the_bundles_that_shells_name(folder: Path) -> None:
    run("init")
    run("bundle")
    run("init", "--force")

    now = clock.utc(clock.now())
    authority = store.load(folder, now)

    assert authority is not None
    assert (folder / "bundle.pem").read_bytes().endswith(authority.root_pem())


def test_a_provider_that_the_operator_adds_is_covered_by_a_new_one(folder: Path, policy: Path) -> None:
    run("init")
    before = shown("show", "--policy", str(policy))
    text = run("show", "--policy", str(policy)).stdout
    after = shown("init", "--force", "--policy", str(policy))

    assert before["uncovered"] == ["llm.corp.example"]
    assert "uncovered    llm.corp.example: `tollway ca init --force` covers them" in text
    assert after["uncovered"] == []
    assert "llm.corp.example" in after["permitted"]


def test_a_broken_one_is_told_and_replaced(folder: Path) -> None:
    run("init")
    (folder / "authority.pem").write_bytes(b"")

    assert "authority.pem: it should hold one private key" in refused("show")
    assert run("init", "--force").exit_code == 0
    assert run("show").exit_code == 0


def test_one_that_ends_soon_is_told(folder: Path) -> None:
    store.load_or_make(folder, [], clock.utc(clock.now()) - timedelta(days=5 * 365 - 10))

    assert "ends in 9 days: run `tollway ca rotate`" in run("bundle").stderr


def test_bundle_prints_its_path(folder: Path) -> None:
    result = run("bundle")

    assert result.stdout == f"{folder / 'bundle.pem'}\n"
    assert shown("bundle") == {"bundle": str(folder / "bundle.pem")}
    assert len(pem.decode((folder / "bundle.pem").read_bytes())) > 50


def test_bundle_writes_where_it_is_told(folder: Path, tmp_path: Path) -> None:
    named = run("bundle", "--output", str(tmp_path / "all.pem"))
    piped = run("bundle", "--output", "-")

    assert named.stdout == f"{tmp_path / 'all.pem'}\n"
    assert piped.stdout_bytes == (tmp_path / "all.pem").read_bytes() == (folder / "bundle.pem").read_bytes()
    assert "choose another --output" in refused("bundle", "--output", str(tmp_path / "absent/all.pem"))


def test_trust_prints_the_commands_of_a_target(folder: Path) -> None:
    found = shown("trust", "--for", "rhel")
    text = run("trust", "--for", "rhel").stdout

    assert found["for"] == "rhel"
    assert found["trust"][1] == ["sudo", "update-ca-trust", "extract"]
    assert "sudo update-ca-trust extract\n# and to take it back:" in text


def test_trust_finds_the_system_itself_or_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "security add-trusted-cert" in run("trust").stdout

    monkeypatch.setattr("tollway.ca.trust.this_system", lambda platform: None)
    unknown = run("trust")

    assert unknown.exit_code == 2
    assert "--for debian|rhel" in unknown.stderr


@pytest.mark.parametrize("option", ["--apply", "--root=/"])
def test_trust_is_applied_on_debian_only(option: str) -> None:
    result = run("trust", "--for", "macos", option)

    assert result.exit_code == 2
    assert "for Debian" in result.stderr


def test_trust_under_sudo_is_refused_since_root_has_another_authority(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUDO_USER", "somebody")
    assert run("trust", "--for", "debian").exit_code == 0

    monkeypatch.delenv("TOLLWAY_HOME")

    assert "run it without sudo" in refused("trust", "--for", "debian")


def image(root: Path) -> Path:
    """As much of a Debian as update-ca-certificates needs."""
    for name in ("etc/ssl/certs", "etc/ca-certificates/update.d", "usr/share/ca-certificates"):
        (root / name).mkdir(parents=True)
    (root / "etc/ca-certificates.conf").touch()
    return root


def test_trust_is_applied_to_an_image(folder: Path, tmp_path: Path) -> None:
    if not shutil.which("update-ca-certificates"):
        pytest.skip("NO DEBIAN: update-ca-certificates is not on PATH, `ca trust --apply` is not tested")
    root = image(tmp_path / "image")

    assert run("trust", "--for", "debian", "--root", str(root), "--apply").exit_code == 0

    bundle = (root / "etc/ssl/certs/ca-certificates.crt").read_bytes()
    assert pem.decode(bundle) == pem.decode((folder / "tollway-ca.pem").read_bytes())


def test_a_command_that_fails_or_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(image(tmp_path / "image"))
    run("init")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "install: No such file" in refused("trust", "--for", "debian", "--root", root, "--apply")

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/install").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "bin/install").chmod(0o755)

    assert "ended with status 3" in refused("trust", "--for", "debian", "--root", root, "--apply")


@pytest.mark.parametrize(("user", "asked"), [(0, False), (1000, True)])
def test_only_root_needs_no_sudo(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, asked: bool
) -> None:
    """With a `sudo` and tools of ours that note how they were called."""
    for name in ("sudo", "install", "update-ca-certificates"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "${{0##*/}} $1" >> {tmp_path}/told\n')
        (tmp_path / name).chmod(0o755)
    run("init")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if os.geteuid() != user:
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(store, "_private", lambda *_: None)  # the files are the real user's

    run("trust", "--for", "debian", "--apply")

    told = (tmp_path / "told").read_text().splitlines()
    plain, sudo = ["install -D", "update-ca-certificates "], ["sudo install", "sudo update-ca-certificates"]
    assert told == (sudo if asked else plain)
