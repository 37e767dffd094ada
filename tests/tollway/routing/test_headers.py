"""Another host gets the format's own headers, its own credential, and no other's."""

import pytest

from tollway.routing.headers import (
    KEPT,
    query_along,
    taken_along,
    without_betas,
    without_log_in,
)

KEY = "k" * 20


def test_only_the_format_s_own_headers_go_along() -> None:
    """Whatever else a program sends may be a credential, or tell of one."""
    given = dict.fromkeys(KEPT, "x") | {
        "openai-organization": "org",
        "x-goog-user-project": "p",
        "x-own": "1",
    }

    assert taken_along(given, (), betas=False) == dict.fromkeys(KEPT, "x")


def test_beta_features_go_along_where_the_host_knows_their_names() -> None:
    given = {"anthropic-beta": "a,b"}

    assert taken_along(given, (), betas=True) == given
    assert taken_along(given, (), betas=False) == {}


def test_a_header_with_a_secret_in_it_stays_behind() -> None:
    given = {"user-agent": f"program/1 ({KEY})", "accept": "application/json"}

    assert taken_along(given, {KEY}, betas=True) == {"accept": "application/json"}


@pytest.mark.parametrize(
    ("query", "along"),
    [
        ("", ""),
        ("alt=sse", "alt=sse"),
        ("beta=true", "beta=true"),
        (f"alt=sse&key={KEY}", "alt=sse"),
        (f"alt={KEY}&beta={KEY}", ""),
        ("api-version=2026-01-01&x=1", ""),
        ("alt=json&alt=sse", "alt=json&alt=sse"),
    ],
)
def test_only_the_format_s_own_parameters_go_along(query: str, along: str) -> None:
    assert query_along(query) == along


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("a-1, oauth-2025-04-20,b-2", "a-1,b-2"),
        ("oauth-2025-04-20", ""),
        ("a-1,,b-2", "a-1,b-2"),
        ("x-oauth-1", "x-oauth-1"),
    ],
)
def test_the_feature_of_a_log_in_goes_with_the_log_in(value: str, left: str) -> None:
    assert without_log_in(value) == left


def test_features_are_known_by_how_they_begin() -> None:
    assert without_betas("context-1m-2025-08-07,effort-2025-11-24", ("context-1m-",)) == "effort-2025-11-24"
