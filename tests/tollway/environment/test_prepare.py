"""The files that the variables name, and the variables."""

from pathlib import Path

import pytest

from tollway.ca import pem
from tollway.ca.authority import Authority
from tollway.ca.store import StoreError
from tollway.environment.prepare import prepare

PROXY = "http://127.0.0.1:8080"
CORPORATE = pem.encode(b"corporate")


def test_every_file_that_is_named_is_there_and_ends_with_our_root(
    folder: Path, authority: Authority, bare: dict[str, str]
) -> None:
    found = prepare(PROXY, folder, authority, bare)

    files = {name: Path(value) for name, value in found.variables.items() if value.endswith(".pem")}
    assert {"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "DENO_CERT", "GIT_SSL_CAINFO"} <= files.keys()
    for path in files.values():
        assert path.read_bytes().endswith(authority.root_pem())
    assert not found.warnings


def test_a_second_time_gives_the_same(folder: Path, authority: Authority, bare: dict[str, str]) -> None:
    assert prepare(PROXY, folder, authority, bare) == prepare(PROXY, folder, authority, bare)


def test_a_tollway_within_a_tollways_environment_gives_the_same_again(
    folder: Path, authority: Authority, bare: dict[str, str], tmp_path: Path
) -> None:
    own = tmp_path / "own.pem"
    own.write_bytes(CORPORATE)
    values = {"REQUESTS_CA_BUNDLE": str(own), "NO_PROXY": "git.example", "JAVA_TOOL_OPTIONS": "-Xmx1g"}
    present = {**bare, **values}

    outer = prepare(PROXY, folder, authority, present)
    inner = prepare(PROXY, folder, authority, {**present, **outer.variables})

    assert inner == outer
    assert Path(inner.variables["REQUESTS_CA_BUNDLE"]).read_bytes().count(b"BEGIN") == 2


def test_an_own_bundle_is_found_from_where_the_program_runs(
    folder: Path, authority: Authority, bare: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.pem").write_bytes(CORPORATE)
    monkeypatch.chdir(tmp_path)

    found = prepare(PROXY, folder, authority, {**bare, "SSL_CERT_FILE": "own.pem"}).variables

    assert Path(found["SSL_CERT_FILE"]).is_absolute()
    assert CORPORATE in Path(found["SSL_CERT_FILE"]).read_bytes()


def test_an_own_bundle_that_can_not_be_read_is_told_by_name(
    folder: Path, authority: Authority, bare: dict[str, str]
) -> None:
    found = prepare(PROXY, folder, authority, {**bare, "SSL_CERT_FILE": "/absent.pem"})

    assert found.warnings[0] == (
        "SSL_CERT_FILE: /absent.pem holds no certificate that can be read: it is left out"
    )


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_a_proxy_that_is_replaced_is_told_without_its_credentials(
    folder: Path, authority: Authority, bare: dict[str, str], name: str
) -> None:
    own = "http://me:" + "s3cret@proxy.corp.example:3128"

    found = prepare(PROXY, folder, authority, {**bare, name: own})

    (warning,) = found.warnings
    assert name in warning
    assert "proxy.corp.example" in warning
    assert "s3cret" not in warning


def test_a_proxy_that_is_the_same_is_not_told(
    folder: Path, authority: Authority, bare: dict[str, str]
) -> None:
    assert not prepare(PROXY, folder, authority, {**bare, "HTTPS_PROXY": PROXY}).warnings


def test_providers_that_no_proxy_hides_are_told(
    folder: Path, authority: Authority, bare: dict[str, str]
) -> None:
    few = prepare(PROXY, folder, authority, {**bare, "NO_PROXY": ".openai.com"})
    all_ = prepare(PROXY, folder, authority, {**bare, "no_proxy": "*"})

    assert few.warnings == ("NO_PROXY takes api.openai.com past Tollway: such calls are not seen",)
    assert "api.anthropic.com, api.openai.com, tollway.internal past" in all_.warnings[0]


def test_of_many_providers_that_no_proxy_hides_some_are_named(
    folder: Path, bare: dict[str, str], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollway.environment.prepare._SHOWN", 1)

    (warning,) = prepare(PROXY, folder, authority, {**bare, "NO_PROXY": "*"}).warnings

    assert warning.startswith("NO_PROXY takes api.anthropic.com and 2 more hosts past Tollway")


def test_a_folder_that_can_not_be_written_is_told(
    authority: Authority, bare: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="TOLLWAY_HOME"):
        prepare(PROXY, tmp_path / "file", authority, bare)
