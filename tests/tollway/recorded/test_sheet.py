"""The calls of a file as CSV: a line for each entry."""

import csv
import io

from tests.tollway.recorded.samples import entry
from tests.tollway.recorded.socket_samples import call, opened
from tests.tollway.recorded.test_pricing import priced
from tollway.model import USAGE_FIELDS
from tollway.recorded.sheet import as_csv


def rows(*entries: dict[str, object]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(priced(*entries)))))


def test_every_entry_has_a_line_and_every_field_a_column() -> None:
    metered, other = rows(entry(), entry("https://example.com/"))

    assert set(USAGE_FIELDS) < set(metered)
    assert (metered["n"], metered["model"], metered["metered"], metered["stream"]) == (
        "0",
        "gpt-4o",
        "true",
        "false",
    )
    assert (metered["input_tokens"], metered["cache_read_tokens"], metered["cost_usd"]) == (
        "1000",
        "",
        "0.0045",
    )
    assert (other["n"], other["provider"], other["metered"], other["reason"]) == (
        "1",
        "",
        "false",
        "not_a_provider",
    )
    assert (other["cost_usd"], other["stream"], other["input_tokens"]) == ("", "", "")


def test_flags_are_words() -> None:
    (found,) = rows(
        entry(asked={"model": "unheard-of", "messages": []}, answer={"usage": {"prompt_tokens": 1000}})
    )

    assert found["flags"] == "unknown_price"


def test_no_cell_is_a_formula() -> None:
    """Spreadsheets run them; and a line break breaks no line."""
    model = '=HYPERLINK("x")\n'
    (found,) = rows(entry(asked={"model": model, "messages": []}, answer="{}", status=400))

    assert found["model"] == '\'=HYPERLINK("x")\N{REPLACEMENT CHARACTER}'


def test_a_socket_has_one_line_and_the_number_of_its_calls() -> None:
    socket, other = rows(opened(*call("a"), *call("b")), entry())

    assert (socket["calls"], socket["input_tokens"], socket["cost_usd"]) == ("2", "2000", "0.009")
    assert (other["calls"], other["input_tokens"]) == ("", "1000")
