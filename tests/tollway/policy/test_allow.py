"""What a rate admits, as it is written."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from tollway.budget.amounts import Unit
from tollway.policy.allow import PATTERN, Allow, AllowText, parse

SECOND_US = 1_000_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("60 requests / minute", Allow(60, Unit.REQUESTS, 60 * SECOND_US)),
        ("1 request/second", Allow(1, Unit.REQUESTS, SECOND_US)),
        ("200k tokens / minute", Allow(200_000, Unit.TOKENS, 60 * SECOND_US)),
        ("1m tokens / hour", Allow(1_000_000, Unit.TOKENS, 3_600 * SECOND_US)),
        ("1.5M input tokens / day", Allow(1_500_000, Unit.INPUT, 86_400 * SECOND_US)),
        ("2G output tokens / 24h", Allow(2 * 10**9, Unit.OUTPUT, 86_400 * SECOND_US)),
        ("10 requests / 10s", Allow(10, Unit.REQUESTS, 10 * SECOND_US)),
        ("10 requests per 500ms", Allow(10, Unit.REQUESTS, SECOND_US // 2)),
        ("10 requests / 5 minutes", Allow(10, Unit.REQUESTS, 300 * SECOND_US)),
        ("8 at once", Allow(8, Unit.REQUESTS, None)),
        (" 8 calls at once ", Allow(8, Unit.REQUESTS, None)),
    ],
)
def test_a_text_says_how_much_and_in_which_time(text: str, said: Allow) -> None:
    assert parse(text) == said
    assert parse(str(said)) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write what a rate admits as 60 requests"),
        ("often", "write what a rate admits as"),
        ("60 requests", "write what a rate admits as"),
        ("60 requests / ", "write what a rate admits as"),
        ("-1 at once", "write what a rate admits as"),
        ("1" * 70, "write what a rate admits as"),
        ("0 requests / minute", "a rate admits a whole number from 1 to"),
        ("0.5 at once", "a rate admits a whole number"),
        ("2000G tokens / minute", "a rate admits a whole number"),
        ("6x requests / minute", "'x' is no multiple"),
        ("6 USD / minute", "a rate counts nothing in 'USD'"),
        ("6 requests / week", "a rate's window is second, minute, hour, day, or as 10s"),
        ("6 requests / 25h", "a rate's window has 100ms to 24h, not 25h"),
        ("6 requests / 99ms", "a rate's window has 100ms to 24h"),
    ],
)
def test_any_other_text_is_told_what_is_wrong_with_it(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        parse(text)


def test_a_field_takes_texts_and_what_they_say() -> None:
    field = TypeAdapter[Allow](AllowText)
    said = field.validate_python("8 at once")

    assert field.validate_python(said) == said
    assert field.dump_python(said) == "8 at once"
    with pytest.raises(ValidationError, match="write what a rate admits as"):
        field.validate_python(8)


@pytest.mark.parametrize(
    "text", ["60 requests / minute", "1.5M input tokens / day", "8 at once", "1k tokens/5m"]
)
def test_editors_take_what_is_taken_here(text: str) -> None:
    """The JSON Schema's pattern."""
    assert re.fullmatch(PATTERN, text)
    assert parse(text)
