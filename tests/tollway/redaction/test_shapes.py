"""What credentials look like, and what does not look like one."""

import pytest

from tests.tollway.redaction.made import MADE, private_key, word
from tollway.redaction.redacted import redacted
from tollway.redaction.shapes import SECRET_NAMES, SHAPES


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("around", ["{}", "it is {}, is it not?", "a\n{}\nb", "({})", "x={};y"])
def test_each_kind_is_found_wherever_it_stands(kind: str, around: str) -> None:
    made = MADE[kind]()

    found = redacted(around.format(made).encode()).decode()

    assert "[redacted " in found
    secret = made.removeprefix("postgres://app:").partition("@")[0].strip("'\"")
    assert secret[-10:] not in found


@pytest.mark.parametrize(
    "text",
    [
        "the task-list of a risk-averse desk-worker",
        "sk-short, AKIA, AIza, ghp_, eyJ, hf_hub and sk_learn",
        "Bearer authentication-is-a-scheme, and basic internationalization",
        "api_key = os.environ['OPENAI_API_KEY']",
        "api_key=settings.production_credentials",
        'max_tokens: 1234567890123456, "token": "Hello"',
        "https://example.com/a?b=c and mailto:ann@example.com and git@github.com:a/b.git",
        "https://example.com:8443/path@v1",
        "it begins with -----BEGIN RSA {} KEY----- and is long".format("PRIVATE"),
        "a9f0c1d2e3b4a5968778695a4b3c2d1e0f",
    ],
)
def test_what_people_write_and_is_none_stays(text: str) -> None:
    assert redacted(text.encode()) == text.encode()


def test_a_token_is_taken_to_its_end() -> None:
    """However long it is: what is left of one may still be tried."""
    key = f"sk-{word(40)}.{word(40)}"

    assert redacted(f"<{key}>".encode()) == b"<[redacted key]>"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\\n", "\\\\n", " "])
def test_a_private_key_is_taken_whole_however_its_lines_are_broken(newline: str) -> None:
    text = f"before {private_key(newline)} behind"

    assert redacted(text.encode()) == b"before [redacted private key] behind"


def test_of_a_private_key_that_breaks_off_what_is_there_is_taken() -> None:
    text = private_key().partition("-----END")[0]

    assert redacted(text.encode()) == b"[redacted private key]\n"


def test_only_the_log_in_of_an_address_goes() -> None:
    assert redacted(b"see https://ann:pa55@db.example.com/x") == (
        b"see https://[redacted login]@db.example.com/x"
    )


def test_no_shape_is_looked_for_twice_and_names_are_as_they_are_compared() -> None:
    starts = [shape.start for shape in SHAPES]

    assert len(set(starts)) == len(starts)
    assert all(name == name.lower().replace("-", "_") for name in SECRET_NAMES)
    assert all(shape.start == shape.start.lower() for shape in SHAPES if shape.any_case)
