"""Roots that tools take from settings of their own."""

from pathlib import Path

import pytest

from tests.tollway.ca.clients import tool
from tollway.ca.recipe import Recipe
from tollway.environment.settings import settings


@pytest.fixture
def git(bare: dict[str, str]) -> Path:
    tool("git")
    return Path(bare["HOME"]) / ".gitconfig"


def test_without_settings_there_is_nothing(bare: dict[str, str]) -> None:
    assert settings(bare) == {}


def test_without_git_there_is_nothing_of_git(bare: dict[str, str], git: Path) -> None:
    git.write_text("[http]\nsslCAInfo = /own.pem\n")

    assert settings({**bare, "PATH": "/nonexistent"}) == {}


def test_gits_own_file_replaces_the_systems_roots(bare: dict[str, str], git: Path) -> None:
    git.write_text("[http]\nsslCAInfo = ~/own roots.pem\n")

    assert settings(bare) == {"GIT_SSL_CAINFO": Recipe(False, (bare["HOME"] + "/own roots.pem",))}


def test_gits_file_for_one_server_comes_on_top_of_them(bare: dict[str, str], git: Path) -> None:
    git.write_text('[http "https://git.corp.example/"]\nsslCAInfo = /corp.pem\n')

    assert settings(bare) == {"GIT_SSL_CAINFO": Recipe(True, ("/corp.pem",))}


def test_gits_variable_comes_first(bare: dict[str, str], git: Path) -> None:
    git.write_text("[http]\nsslCAInfo = /own.pem\n")

    assert settings({**bare, "GIT_SSL_CAINFO": "/other.pem"}) == {}


def test_a_git_that_does_not_run_says_nothing(bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "git").write_bytes(b"\x7fELF broken")
    (tmp_path / "git").chmod(0o755)

    assert settings({**bare, "PATH": str(tmp_path)}) == {}


CONFIG = """
[default]
ca_bundle = ~/aws.pem
[profile work]
ca_bundle=/work.pem
[profile plain]
region = eu-central-1
"""


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({}, "{HOME}/aws.pem"),
        ({"AWS_PROFILE": "work"}, "/work.pem"),
        ({"AWS_DEFAULT_PROFILE": "work"}, "/work.pem"),
        ({"AWS_PROFILE": "plain"}, None),
        ({"AWS_PROFILE": "absent"}, None),
    ],
)
def test_the_aws_profile_in_use_names_a_bundle(
    bare: dict[str, str], variables: dict[str, str], path: str | None
) -> None:
    (Path(bare["HOME"]) / ".aws").mkdir()
    (Path(bare["HOME"]) / ".aws/config").write_text(CONFIG)
    expected = {"AWS_CA_BUNDLE": Recipe(False, (path.format(**bare),))} if path else {}

    assert settings({**bare, **variables}) == expected


@pytest.mark.parametrize("text", ["no sections", "[default]\n[default]\n", "\udcff"])
def test_an_aws_file_that_can_not_be_read_says_nothing(
    bare: dict[str, str], tmp_path: Path, text: str
) -> None:
    (tmp_path / "config").write_bytes(text.encode(errors="surrogateescape"))

    assert settings({**bare, "AWS_CONFIG_FILE": str(tmp_path / "config")}) == {}
