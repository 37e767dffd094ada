"""Which file each variable is to name."""

from collections.abc import Mapping

import pytest

from tollway.ca.recipe import Recipe
from tollway.environment.trusted import ADDING, OVERRIDING, REPLACING, wanted

SYSTEM, OURS = Recipe(True), Recipe(False)


def own(*paths: str) -> Recipe:
    return Recipe(False, paths)


def test_by_default_all_have_the_systems_roots_and_ours_or_ours_alone() -> None:
    assert wanted({}, {}, {}) == {**dict.fromkeys(REPLACING, SYSTEM), **dict.fromkeys(ADDING, OURS)}


@pytest.mark.parametrize("name", [*REPLACING, *ADDING, *OVERRIDING])
def test_an_own_bundle_is_merged_with_ours_and_not_with_the_systems(name: str) -> None:
    assert wanted({name: "/own.pem"}, {}, {})[name] == own("/own.pem")


@pytest.mark.parametrize("name", [*REPLACING, *ADDING, *OVERRIDING])
def test_an_empty_variable_is_none(name: str) -> None:
    assert wanted({name: " "}, {}, {}) == wanted({}, {}, {})


@pytest.mark.parametrize(
    ("name", "reads_then"),
    [
        ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"),
        ("CURL_CA_BUNDLE", "SSL_CERT_FILE"),
    ],
)
def test_a_bundle_that_a_tool_read_by_another_name_is_not_shadowed(name: str, reads_then: str) -> None:
    assert wanted({reads_then: "/own.pem"}, {}, {})[name] == own("/own.pem")


def test_a_bundle_that_a_tool_did_not_read_is_not_given_to_it() -> None:
    found = wanted({"SSL_CERT_FILE": "/own.pem"}, {}, {})

    assert found["REQUESTS_CA_BUNDLE"] == found["GIT_SSL_CAINFO"] == SYSTEM


def test_two_own_bundles_are_kept_apart() -> None:
    found = wanted({"SSL_CERT_FILE": "/a.pem", "REQUESTS_CA_BUNDLE": "/b.pem"}, {}, {})

    assert found["SSL_CERT_FILE"] == found["CURL_CA_BUNDLE"] == own("/a.pem")
    assert found["REQUESTS_CA_BUNDLE"] == found["AWS_CA_BUNDLE"] == own("/b.pem")


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({}, Recipe(False, ("/git.pem",))),
        ({"GIT_SSL_CAINFO": "/own.pem"}, Recipe(False, ("/own.pem",))),
    ],
)
def test_a_tools_own_setting_comes_after_its_variable(present: Mapping[str, str], expected: Recipe) -> None:
    assert wanted(present, {"GIT_SSL_CAINFO": own("/git.pem")}, {})["GIT_SSL_CAINFO"] == expected


def test_a_tools_own_setting_comes_before_other_variables() -> None:
    found = wanted({"REQUESTS_CA_BUNDLE": "/r.pem"}, {"AWS_CA_BUNDLE": own("/aws.pem")}, {})

    assert found["AWS_CA_BUNDLE"] == own("/aws.pem")


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({"SSL_CERT_DIR": "/own:/more"}, Recipe(True, ("/own", "/more"))),
        ({"SSL_CERT_DIR": "/etc/ssl/certs/:"}, SYSTEM),
        ({"SSL_CERT_DIR": "/own", "CURL_CA_BUNDLE": "/c.pem"}, Recipe(False, ("/c.pem",))),
    ],
)
def test_curl_keeps_the_folders_that_its_bundle_would_hide(
    present: Mapping[str, str], expected: Recipe
) -> None:
    assert wanted(present, {}, {})["CURL_CA_BUNDLE"] == expected


def test_files_of_ours_in_the_environment_give_themselves_again() -> None:
    present = {"SSL_CERT_FILE": "/data/ca/bundle.pem", "CODEX_CA_CERTIFICATE": "/data/ca/bundle-1.pem"}
    origins = {"/data/ca/bundle.pem": SYSTEM, "/data/ca/bundle-1.pem": own("/own.pem")}

    found = wanted(present, {}, origins)

    assert found["SSL_CERT_FILE"] == SYSTEM
    assert found["CODEX_CA_CERTIFICATE"] == own("/own.pem")


def test_tools_that_talk_to_no_provider_are_left_alone() -> None:
    present = {"PIP_CERT": "/own.pem", "CARGO_HTTP_CAINFO": "/own.pem"}

    assert wanted(present, {}, {}) == wanted({}, {}, {})
