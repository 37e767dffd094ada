"""The calls of a file as JSON: a call a line."""

import json

from tests.tollway.recorded.samples import entry
from tests.tollway.recorded.test_pricing import priced
from tollway.recorded import call, total
from tollway.recorded.document import as_text


def test_calls_and_total_are_one_document() -> None:
    calls = priced(entry(), entry("https://example.com/"))
    text = as_text(calls)

    assert json.loads(text) == {"calls": [call.as_json(one) for one in calls], "total": total.as_json(calls)}
    assert len([line for line in text.splitlines() if '"n":' in line]) == 2


def test_without_entries_there_is_a_list() -> None:
    assert json.loads(as_text([]))["calls"] == []


def test_any_text_can_be_printed() -> None:
    """A header of Bedrock's may name a tier in bytes that are no UTF-8."""
    (one,) = priced(entry(asked={"model": "größe", "messages": []}, answer="{}"))

    assert as_text([one]).isascii()
