"""`tollway env`."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tollway.ca.authority import AuthorityError
from tollway.cli.env import command


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home" / "ca"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_a_shell_that_evaluates_it_has_the_variables(folder: Path) -> None:
    exports = run().stdout

    script = exports + 'printf "%s\n" "$HTTPS_PROXY" "$SSL_CERT_FILE"'
    shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True)

    assert shown.stdout == f"http://127.0.0.1:8080\n{folder}/bundle.pem\n"


def test_the_proxy_may_be_another(folder: Path) -> None:
    assert (
        "export https_proxy='http://proxy.example:3128'\n"
        in run("--proxy", "http://proxy.example:3128/").stdout
    )


@pytest.mark.parametrize(
    ("shell", "start"), [("fish", "set -gx HTTPS_PROXY "), ("powershell", "$env:HTTPS_PROXY = ")]
)
def test_other_shells_have_their_own_words(shell: str, start: str) -> None:
    assert run("--shell", shell).stdout.startswith(start)


@pytest.mark.parametrize(
    "url", ["proxy:3128", "socks5://proxy:1080", "http://", "http://proxy:x", "http://[::1"]
)
def test_what_is_no_proxy_is_wrong_use(url: str) -> None:
    result = run("--proxy", url)

    assert result.exit_code == 2
    assert "it is not http://HOST:PORT" in result.stderr


def test_programs_read_an_object_with_the_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "api.openai.com")

    found = json.loads(run("--format", "json").stdout)

    assert found["variables"]["HTTP_PROXY"] == "http://127.0.0.1:8080"
    assert found["warnings"] == ["NO_PROXY takes api.openai.com past Tollway: such calls are not seen"]


def test_warnings_stay_out_of_what_the_shell_evaluates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "api.openai.com")

    result = run()

    assert "tollway: NO_PROXY takes api.openai.com past Tollway" in result.stderr
    assert "such calls" not in result.stdout


def test_a_proxy_of_another_machine_is_trusted_by_its_root(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And by that alone; what this machine's own proxies use stays as it is."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "theirs"))
    run()
    root = tmp_path / "theirs" / "ca" / "tollway-ca.pem"
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    own = json.loads(run("--format", "json").stdout)["variables"]

    words = ("--ca", str(root), "--proxy", "http://proxy.example:8080")
    found = json.loads(run(*words, "--format", "json").stdout)["variables"]

    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "DENO_CERT"):
        assert Path(found[name]).read_bytes().endswith(root.read_bytes())
        assert root.read_bytes() not in Path(own[name]).read_bytes()
    assert run(*words).stderr == ""


def test_what_is_no_root_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("made-up")

    for name, said in (("ca.pem", "is no root of a Tollway"), ("none.pem", "No such file")):
        with pytest.raises(AuthorityError, match=said):
            run("--ca", str(tmp_path / name))


def test_whoever_has_no_authority_is_told_of_anothers() -> None:
    """Once: then there is one, and it may be the proxy's."""
    elsewhere = ("--proxy", "http://proxy.example:3128")

    assert "name its root with --ca FILE" in run(*elsewhere).stderr
    assert run(*elsewhere).stderr == ""


def test_whose_proxy_is_here_is_told_nothing() -> None:
    assert run().stderr == ""
