"""Options that several commands share."""

import click
import pytest
from click.testing import CliRunner

from tollway.cli import options


@click.command()
@options.listen_option
@options.connect_to_option
@options.set_option
@options.tag_option
def show(**given: object) -> None:
    """Print what was given."""
    click.echo(dict(sorted(given.items())))


def shown(*words: str) -> str:
    """What the command got, or what is wrong, on one line."""
    result = CliRunner(env={"COLUMNS": "500"}).invoke(show, words)
    assert result.exit_code == (0 if result.stdout else 2)
    return (result.stdout or result.stderr.splitlines()[-1]).strip()


def test_the_defaults_are_loopback_and_nothing_else() -> None:
    """Nobody but this machine's programs, unless asked for."""
    assert shown() == "{'connect_to': (), 'listen': ('127.0.0.1', 8080), 'set_options': (), 'tags': ()}"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0.0.0.0:8080", ("0.0.0.0", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_an_address_to_listen_on_is_host_and_port(text: str, address: tuple[str, int]) -> None:
    """Brackets around IPv6."""
    assert f"'listen': {address}" in shown("--listen", text)


@pytest.mark.parametrize("text", ["8080", ":8080", "host:", "host:x", "host:65536", "host:-1", "[]:80"])
def test_what_is_no_address_is_quoted_with_what_one_looks_like(text: str) -> None:
    """Wrong use."""
    said = f"{text!r} is not HOST:PORT (for example 127.0.0.1:8080, or 0.0.0.0:8080 for all)"
    assert shown("--listen", text) == f"Error: Invalid value for '--listen': {said}"


def test_connect_to_may_be_repeated_and_name_any_host() -> None:
    """As curl has it."""
    got = shown("--connect-to", "api.openai.com:443:127.0.0.1:8443", "--connect-to", "::[::1]:9")

    assert "'connect_to': ((('api.openai.com', 443), ('127.0.0.1', 8443)), (('', 0), ('::1', 9)))" in got


def test_a_tag_given_twice_counts_once() -> None:
    """Eight different ones are what a call has at most."""
    words = [f"--tag=t{n}=x" for n in range(8)]

    assert shown(*words, "--tag=t0=y").endswith("('t0', 'y'))}")
    assert shown(*words, "--tag=t8=y").endswith("a call has 8 tags at most")
