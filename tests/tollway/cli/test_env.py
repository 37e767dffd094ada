"""`tollway env`."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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
