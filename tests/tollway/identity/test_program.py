"""The name of a program is short, stable and without its version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.program import LONGEST, program


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("claude-cli/2.1.330 (external, cli)", "claude-cli"),
        ("OpenAI/Python 3.54.0", "OpenAI/Python"),
        ("AsyncOpenAI/Python 3.54.0", "AsyncOpenAI/Python"),
        ("Anthropic/JS 0.60.0", "Anthropic/JS"),
        ("codex_cli_rs/0.169.0 (Debian 12; x86_64)", "codex_cli_rs"),
        ("GeminiCLI/0.61.0/gemini-2.5-pro (linux; x64)", "GeminiCLI"),
        ("GeminiCLI/v0.61.0/gemini-2.5-flash (darwin; arm64)", "GeminiCLI"),
        ("curl/7.88.1", "curl"),
        ("python-requests/2.34.2", "python-requests"),
        ("Python/3.12 aiohttp/3.13.0", "aiohttp"),
        ("Python/3.12", "Python"),
        ("Go-http-client/2.0", "Go-http-client"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "Mozilla"),
        ("google-genai-sdk/2.8.0 gl-python/3.12.1", "google-genai-sdk"),
        ("ai/5.0.0 ai-sdk/provider-utils/3.0.0 runtime/node.js/22", "ai"),
        ("OpenAI/JS/v4", "OpenAI/JS"),
        ("tool/V2", "tool"),
        ("tool/", "tool"),
        ("tool//x", "tool"),
        ("a/b/c/d", "a/b"),
        ("node", "node"),
        ("  curl/8.0  ", "curl"),
        ("Büro-Assistent/1.0", "Büro-Assistent"),
        ("\x1b[31mred\x1b[0m/1.0", "[31mred[0m"),
        ("caf\udce9/1.0", "caf"),
        (None, None),
        ("", None),
        ("   ", None),
        ("/1.0", None),
        ("///", None),
        ("\x1b\x07", None),
    ],
)
def test_a_user_agent_gives_a_name_or_nothing(user_agent: str | None, name: str | None) -> None:
    """Versions, models, comments and platforms are no part of it."""
    assert program(user_agent) == name


def test_a_program_keeps_its_name_over_its_releases() -> None:
    """Else a bill by program would have a row for each release."""
    agents = {program(f"claude-cli/2.1.{n} (external, cli)") for n in range(400)}

    assert agents == {"claude-cli"}


def test_ten_kilobytes_of_garbage_are_cut_to_a_name() -> None:
    """Nobody fills the ledger with a header."""
    assert program("x" * 10_240) == "x" * LONGEST
    assert program("/".join(["y" * 50] * 200)) == f"{'y' * 50}/{'y' * 13}"


@given(st.one_of(st.text(), st.binary().map(lambda b: b.decode("utf-8", "surrogateescape"))))
def test_a_name_is_short_printable_unicode_text(user_agent: str) -> None:
    """Whatever a client sends: the ledger takes it, and a terminal can show it."""
    name = program(user_agent)

    if name is not None:
        assert 0 < len(name) <= LONGEST
        assert name.isprintable()
        assert " " not in name
        assert name.encode().decode() == name
        assert name.count("/") <= 1
