"""Findings on a screen, and for programs."""

import json

import pytest

from tollway.diagnosis.finding import Finding, Verdict, doubtful, not_checked, well, wrong
from tollway.diagnosis.report import as_json, as_text, status

FINDINGS = (
    well("proxy", "127.0.0.1:8080 is a Tollway"),
    doubtful("clock", "90 s ahead", "set it"),
    wrong(
        "curl", "refuses the proxy: self-signed certificate in certificate chain (CURL_CA_BUNDLE)", "eval it"
    ),
    wrong("git", "refuses the proxy", "eval it"),
    not_checked("Deno", "it is not installed"),
    not_checked("policy", "there is none"),
    not_checked("AWS CLI", "it is not installed"),
)


def plain(text: str, verdict: Verdict) -> str:
    """No colour."""
    return text


def test_each_has_a_sign_and_a_word_and_at_the_end_is_what_mends_it() -> None:
    assert as_text(FINDINGS, 60, True, plain) == (
        "✓ well      proxy  127.0.0.1:8080 is a Tollway\n"
        "? doubtful  clock  90 s ahead\n"
        "✗ wrong     curl   refuses the proxy: self-signed\n"
        "                   certificate in certificate chain\n"
        "                   (CURL_CA_BUNDLE)\n"
        "✗ wrong     git    refuses the proxy\n"
        "– not checked  Deno, AWS CLI: it is not installed\n"
        "– not checked  policy: there is none\n"
        "\n"
        "2 wrong, 1 doubtful. What mends it, the first thing first:\n"
        "  eval it\n"
        "  set it"
    )


def test_a_terminal_without_unicode_has_plain_signs() -> None:
    text = as_text(FINDINGS, 60, False, plain)

    assert text.isascii()
    assert text.splitlines()[0].startswith("+ well ")


def test_colour_says_nothing_that_the_words_do_not() -> None:
    """What is painted is the sign and the word."""
    painted = as_text(FINDINGS, 60, True, lambda text, verdict: f"<{text}>")

    assert painted.replace("<", "").replace(">", "") == as_text(FINDINGS, 60, True, plain)
    assert "<✗ wrong   >" in painted


def test_all_well_is_said() -> None:
    assert as_text([well("proxy", "is there")], 60, True, plain).endswith("\n\nAll is well.")
    assert as_text([], 60, True, plain) == "\nAll is well."


def test_a_finding_without_words_has_its_line() -> None:
    assert as_text([well("proxy", "")], 60, True, plain).startswith("✓ well      proxy  \n")


@pytest.mark.parametrize(
    ("findings", "expected"),
    [((), 0), (FINDINGS[:2], 0), (FINDINGS[-1:], 0), (FINDINGS, 1)],
    ids=["none", "doubtful", "not checked", "wrong"],
)
def test_only_what_is_wrong_fails(findings: tuple[Finding, ...], expected: int) -> None:
    assert status(findings) == expected
    assert json.loads(as_json(findings))["well"] is (expected == 0)


def test_json_has_every_field() -> None:
    assert json.loads(as_json(FINDINGS[1:2])) == {
        "well": True,
        "findings": [{"subject": "clock", "verdict": "doubtful", "reason": "90 s ahead", "remedy": "set it"}],
    }
