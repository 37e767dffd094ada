"""The proxy that a command goes through."""

import click
import pytest

from tollway.cli.upstream import leads_to


def test_the_option_goes_before_the_variable() -> None:
    environment = {"HTTPS_PROXY": "http://a.example:1"}

    assert leads_to(environment, "none").place == "a.example:1"
    assert leads_to(environment, "none", "http://b.example:2").place == "b.example:2"


@pytest.mark.parametrize(
    ("environment", "option", "said"),
    [
        ({}, None, "there is none"),
        ({"HTTPS_PROXY": "ftp://made-up-secret@x"}, None, "HTTPS_PROXY: it is no http:// or https:// proxy"),
        ({}, "http://made-up-secret@", "--proxy: it names no host"),
    ],
)
def test_what_is_wrong_is_said_without_what_stands_there(
    environment: dict[str, str], option: str | None, said: str
) -> None:
    with pytest.raises(click.UsageError) as caught:
        leads_to(environment, "there is none", option)

    assert caught.value.message == said
