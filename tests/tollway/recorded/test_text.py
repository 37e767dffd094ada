"""The calls of a file as plain text."""

from tests.tollway.recorded.samples import entry
from tests.tollway.recorded.test_pricing import priced
from tollway.recorded.text import as_text

WHOLE = """\
n  provider  model   operation  status  input  output  cost_usd  note
0  openai    gpt-4o  chat          200   1000     200    0.0045  -
2  openai    gpt-4o  chat          429      -       -    0.0000  http_429

1 other entry: 1 not_a_provider (--all lists them)

provider  model   calls  input_tokens  output_tokens  cost_usd
openai    gpt-4o      2          1000            200    0.0045
total     -           2          1000            200    0.0045"""


def test_calls_what_else_there_was_and_the_total() -> None:
    calls = priced(entry(), entry("https://example.com/"), entry(status=429, answer="{}"))

    assert as_text(calls, False) == WHOLE
    assert [line.split()[0] for line in as_text(calls, True).splitlines() if line] == [
        "n", "0", "1", "2", "provider", "openai", "total",
    ]  # fmt: skip


def test_without_calls_it_says_so() -> None:
    calls = priced(entry("https://example.com/"))

    assert as_text(calls, False) == "no AI calls\n\n1 other entry: 1 not_a_provider (--all lists them)"
    assert as_text([], False) == "no AI calls"
