"""Where alerts go; tests/data/policies/bad has the messages."""

import pytest
from pydantic import ValidationError

from tests.tollway.policy.written import policy
from tollway.alerts.alert import Kind
from tollway.policy.alerts import Alerts, wrong_url

URLS = [
    "https://hooks.example/services/T0/B0/x",
    "http://127.0.0.1:8065/hooks/x",
    "http://[::1]/",
    "https://h",
]


def test_they_go_nowhere_else_unless_the_policy_says_so() -> None:
    assert policy("").alerts == policy("alerts: {}").alerts == Alerts(webhook=None)


@pytest.mark.parametrize("said", ["env:TOLLWAY_ALERT_URL", "env:a1", *URLS])
def test_a_webhook_is_a_variable_or_a_url(said: str) -> None:
    assert policy(f"alerts: {{webhook: '{said}'}}").alerts.webhook == said


@pytest.mark.parametrize("url", URLS)
def test_an_address_of_a_webhook(url: str) -> None:
    assert wrong_url(url) is None


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", "begins with"),
        ("s3cret", "begins with"),
        ("ftp://s3cret", "begins with"),
        ("https:/s3cret", "begins with"),
        ("https://h/s3 cret", "blanks"),
        ("https://h/s3\ncret", "blanks"),
        ("https://h/s3crét", "beyond ASCII"),
        ("https://", "names a host"),
        ("https:///s3cret", "names a host"),
        ("https://:8080/s3cret", "names a host"),
        ("https://h:s3cret/", "names a host"),
        ("https://h:99999/", "names a host"),
        ("https://h:0/", "names a host"),
        ("https://[s3cret/", "names a host"),
        ("https://ann:s3cret@h/", "log-in"),
    ],
)
def test_what_is_none_is_told_without_it(url: str, wrong: str) -> None:
    """It may be a secret that was put in the wrong place."""
    said = wrong_url(url)
    assert said is not None
    assert wrong in said

    with pytest.raises(ValidationError) as caught:
        Alerts(webhook=url)
    (error,) = caught.value.errors()
    assert error["msg"] == (
        f"Value error, write env:VARIABLE, which holds the URL; what stands here is none: {said}"
    )


@pytest.mark.parametrize("said", ["env:", "env:1A", "env:A B", "env:https://h/s3cret", "env:A\n"])
def test_a_variable_has_a_name(said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Alerts(webhook=said)

    (error,) = caught.value.errors()
    assert error["msg"] == "Value error, name an environment variable, as env:TOLLWAY_ALERT_URL"


FIRST = {"level", "refused_first", "bound_violated", "found"}


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("{}", FIRST),
        ("{webhook: env:A}", set(Kind)),
        ("{webhook: env:A, on: [forecast, level]}", {"forecast", "level"}),
        ("{on: [unpriced]}", {"unpriced"}),
    ],
)
def test_what_is_told(said: str, kinds: set[str]) -> None:
    """All, where somebody is to be told; else what is told as it happens, unless the policy says more."""
    assert policy(f"alerts: {said}").alerts.kinds == kinds


def test_the_form_is_slacks_and_unsigned_unless_the_policy_says_so() -> None:
    alerts = policy("alerts: {webhook: env:A}").alerts
    other = policy("alerts: {webhook: env:A, format: teams, secret: env:B}").alerts

    assert (alerts.format, alerts.secret) == ("slack", None)
    assert (other.format, other.secret) == ("teams", "env:B")


@pytest.mark.parametrize("said", ["s3cret", "env:", "env:A B", "https://h/s3cret"])
def test_a_secret_is_a_variable_and_never_repeated(said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Alerts(secret=said)

    (error,) = caught.value.errors()
    assert error["msg"] == (
        "Value error, name the environment variable that holds the secret, as env:TOLLWAY_ALERT_SECRET"
    )
