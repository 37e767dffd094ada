"""Kingfisher in this process."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tests.tollway.scanning.conftest import NO_WHEEL
from tollway.guardrails.found import Tier
from tollway.guardrails.secrets.bounded import MOST
from tollway.guardrails.secrets.secret_engine import SecretEngine

pytest.importorskip("kingfisher_sdk", reason=NO_WHEEL)


def found(engine: SecretEngine, text: str) -> list[tuple[str, str, Tier]]:
    """The kinds, and what the text says there."""
    return [(one.kind, text[one.start : one.end], one.tier) for one in engine.scan(text)]


def shippo(chance: Random) -> str:
    """A key whose shape our own rules do not have."""
    return "shippo" + "_live_" + made.text(chance, 40, made.HEX)


def test_it_says_what_it_is(kingfisher: SecretEngine) -> None:
    """With its release."""
    assert kingfisher.name.startswith("Kingfisher 1.5.0 and ")


def test_it_knows_more_than_our_own_rules(kingfisher: SecretEngine) -> None:
    """A vendor of its catalogue; the key's place is counted in characters."""
    key = shippo(Random(1))

    assert found(kingfisher, f"日本 😀 é: {key}\n") == [("shippo_api_token", key, Tier.CERTAIN)]


def test_our_own_rules_are_beside_it(kingfisher: SecretEngine) -> None:
    """What it does not look for."""
    assert found(kingfisher, 'password = "hunter2"') == [("password", "hunter2", Tier.GENERIC)]


def test_a_secret_that_it_reports_only_with_its_id_is_one_without(kingfisher: SecretEngine) -> None:
    """An AWS secret; it calls that finding invisible."""
    secret = made.text(Random(2), 40, made.BASE64)

    assert found(kingfisher, "AWS_SECRET_" + f"ACCESS_KEY={secret}\n") == [
        ("aws_secret_access_key", secret, Tier.CERTAIN)
    ]


def test_what_it_does_not_report_alone_is_no_certain_secret(kingfisher: SecretEngine) -> None:
    """It takes any forty characters after such a word for an AWS secret, if only an id is near."""
    value = made.text(Random(10), 40)

    [(_, found_value, tier)] = found(kingfisher, f"refresh_access_items = '{value}'")

    assert (found_value, tier) == (value, Tier.GENERIC)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ('curl -H "Authorization: Bearer {}" https://acme.dev', "bearer_token"),
        ("git clone https:" + "//bob:{}@git.acme.dev/shop.git", "url_password"),
    ],
)
def test_a_kind_is_as_sure_as_our_own_rules_have_it(kingfisher: SecretEngine, shape: str, kind: str) -> None:
    """What stands around it says what it is: with Kingfisher as where it has no wheel."""
    value = made.text(Random(11), 24)

    assert found(kingfisher, shape.format(value)) == [(kind, value, Tier.GENERIC)]


@pytest.mark.parametrize(
    "text",
    [
        "AUTH0_DOMAIN=acme.eu.auth0.com",
        "azure_tenant_id = 3f2b8c1d-9e4a-4f6b-8a7c-2d1e0f9b8a7c",
        "SUPABASE_URL=https://abcdefghijklmnopqrst.supabase.co",
    ],
)
def test_what_comes_with_a_secret_is_none(kingfisher: SecretEngine, text: str) -> None:
    """Hosts, tenants, accounts."""
    assert found(kingfisher, text) == []


@pytest.mark.parametrize("body", ["...", "MIIE" + "v9q2" * 30 + "...your key..."])
def test_the_place_of_a_private_key_is_none(kingfisher: SecretEngine, body: str) -> None:
    """Kingfisher takes it for one."""
    begin, end = (f"-----{word} RSA PRIVATE " + "KEY-----" for word in ("BEGIN", "END"))
    text = f"{begin}\n{body}\n{end}"

    assert found(kingfisher, text) == []


def test_the_comments_that_switch_it_off_do_not(kingfisher: SecretEngine) -> None:
    """They are the sender's word."""
    key = made.checked("gh" + "p_")(Random(3))

    for comment in ("kingfisher:ignore", "gitleaks:allow", "betterleaks:allow"):
        assert found(kingfisher, f"x = '{key}'  # {comment}") == [("github_token", key, Tier.CERTAIN)]


def test_a_text_of_zeros_is_not_read_as_utf_16(kingfisher: SecretEngine) -> None:
    """Its places would be those of another text."""
    key = shippo(Random(4))
    text = "\0" + "\0".join("a key ") + key

    assert found(kingfisher, text) == [("shippo_api_token", key, Tier.CERTAIN)]


def test_a_mark_of_byte_order_moves_nothing(kingfisher: SecretEngine) -> None:
    """Nor does a lone surrogate."""
    key = shippo(Random(5))

    assert found(kingfisher, f"\ufeff\ud800 {key}") == [("shippo_api_token", key, Tier.CERTAIN)]


def test_base64_of_a_secret_is_one(kingfisher: SecretEngine) -> None:
    """The whole of it."""
    run = made.encoded(f"token={shippo(Random(6))} and more")

    assert [value for _, value, _ in found(kingfisher, f"data {run} end")] == [run]


def test_an_escaped_connection_string_is_found_once_it_is_decoded(kingfisher: SecretEngine) -> None:
    """Kingfisher misses it as it stands in the body; our own rules do not even then."""
    password = made.password(Random(7))
    said = '"url "postgres:' + f'//app:{password}@db.internal/app""'
    body = json.dumps(said)

    assert ("connection_string", password, Tier.CERTAIN) in found(kingfisher, said)
    assert ("connection_string", password, Tier.CERTAIN) in found(kingfisher, body)


def test_unicode_escapes_are_found_once_they_are_decoded(kingfisher: SecretEngine) -> None:
    """A body is searched string by string, decoded; raw it says nothing."""
    key = made.checked("gh" + "p_")(Random(8))
    body = '"' + "".join(f"\\u{ord(character):04x}" for character in key) + '"'

    assert found(kingfisher, body) == []
    assert found(kingfisher, json.loads(body)) == [("github_token", key, Tier.CERTAIN)]


@pytest.mark.parametrize("shape", ["x{}", "{}xyz", "`{}`", "token%3D{}%26", "\\n{}", "**{}**", "KEY={};"])
def test_what_is_glued_to_a_key_does_not_hide_it(kingfisher: SecretEngine, shape: str) -> None:
    """The key is in what was found."""
    key = made.checked("gh" + "p_")(Random(9))

    assert any(
        key in value and tier is Tier.CERTAIN for _, value, tier in found(kingfisher, shape.format(key))
    )


def test_there_are_not_more_findings_than_may_be(kingfisher: SecretEngine) -> None:
    """The last goes to the end."""
    text = " ".join(shippo(Random(seed)) for seed in range(MOST + 20))

    findings = kingfisher.scan(text)

    assert len(findings) == MOST
    assert findings[-1].end == len(text)


@given(st.text())
def test_any_text_gives_sorted_disjoint_findings_within_it(kingfisher: SecretEngine, text: str) -> None:
    """And never raises."""
    findings = kingfisher.scan(text)

    edges = [edge for one in findings for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in findings)


@given(st.text(max_size=30), st.integers(0, 99))
def test_no_text_before_a_key_moves_it(kingfisher: SecretEngine, before: str, seed: int) -> None:
    """Whatever its characters take in bytes."""
    key = made.checked("gh" + "p_")(Random(seed))
    text = f"{before} {key}"

    assert any(
        one.start <= len(before) + 1 and one.end == len(text) and one.tier is Tier.CERTAIN
        for one in kingfisher.scan(text)
    )


@pytest.mark.slow
def test_its_rules_are_kept_in_the_data_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled, and for the user alone."""
    from tollway.scanning.kingfisher import kingfisher

    monkeypatch.delenv("KF_RULE_CACHE_DIR", raising=False)

    kingfisher()

    kept = list((home / "kingfisher").iterdir())
    assert [path.suffix for path in kept] == [".vscdb"]
    assert os.name == "nt" or stat.S_IMODE((home / "kingfisher").stat().st_mode) == 0o700


@pytest.mark.slow
def test_a_folder_that_is_named_is_used_instead(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image may bring the compiled rules."""
    from tollway.scanning.kingfisher import kingfisher

    monkeypatch.setenv("KF_RULE_CACHE_DIR", str(tmp_path / "rules"))

    kingfisher()

    assert list((tmp_path / "rules").iterdir())
    assert not (home / "kingfisher").exists()


def test_several_threads_may_ask_at_once(kingfisher: SecretEngine) -> None:
    """Each has the answer to its own text."""
    keys = [made.checked("gh" + "p_")(Random(seed)) for seed in range(64)]
    texts = ["a line of text\n" * seed + key for seed, key in enumerate(keys)]

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(kingfisher.scan, texts))

    assert [text[one.start : one.end] for text, [one] in zip(texts, answers, strict=True)] == keys
