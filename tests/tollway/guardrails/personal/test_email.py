"""Addresses of electronic mail."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Write to jane.doe@firma.de.", "jane.doe@firma.de"),
        ("<JANE@FIRMA.CO.UK>", "JANE@FIRMA.CO.UK"),
        ('{"mail":"o\'neil+news@mail.kanzlei-nord.com"}', "o'neil+news@mail.kanzlei-nord.com"),
        ("Schreib an jörg.müller@bücher.de, bitte", "jörg.müller@bücher.de"),
        ("请发邮件至wei.li@firma.cn谢谢", "wei.li@firma.cn"),
        ("x@xn--bcher-kva.xn--p1ai", "x@xn--bcher-kva.xn--p1ai"),
        (r"Hello\njane@firma.de\n", "jane@firma.de"),
        (r"\u003cjane@firma.de\u003e", "jane@firma.de"),
        (r"C:\users\jane@firma.de", "jane@firma.de"),
        ("mailto:jane@firma.de?subject=x", "jane@firma.de"),
        ("...jane@firma.de", "jane@firma.de"),
        ("jane@firma.de:8080", "jane@firma.de"),
        ("https://firma.de/?to=jane@firma.de", "jane@firma.de"),
    ],
)
def test_an_address_is_found_as_it_is(text: str, address: str) -> None:
    """Without what belongs to the text around it."""
    assert found(text, "email") == [(address, Tier.CERTAIN)]


def test_an_unknown_top_level_domain_is_generic() -> None:
    """It may be a member of an object."""
    assert found("weights@layer.mean()", "email") == [("weights@layer.mean", Tier.GENERIC)]


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.com",
        "jane@mail.example.co.uk",
        "jane@host.test",
        "jane@host.invalid",
        "root@web.localhost",
        "git@github.com:org/repo.git",
        "deploy@web.firma.de:/srv/www",
        "postgres://app:pass@db.firma.de/main",
        "https://user@git.firma.de/x",
        "logo@2x.png",
        "react@18.2.0",
        "@decorator.wraps",
        "...@firma.de",
        "jane@firma",
        "jane@-firma.de",
        r"\n@firma.de",
    ],
)
def test_what_is_nobodys_or_no_address_is_none(text: str) -> None:
    """Examples, users of hosts, files, versions."""
    assert found(text, "email") == []


def test_a_local_part_has_64_characters_at_most() -> None:
    """What is before them is no part of it."""
    assert found("a" * 100 + "@firma.de", "email") == [("a" * 64 + "@firma.de", Tier.CERTAIN)]
