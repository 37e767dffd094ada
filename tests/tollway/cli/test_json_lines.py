"""The log as JSON."""

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from tests.tollway.ledger.samples import FULL, call
from tollway.cli.json_lines import LONGEST, JsonLines, sound
from tollway.model import USAGE_FIELDS, CallRecord
from tollway.observe.call_log import FIELD

DOCUMENT = (Path(__file__).parents[3] / "docs" / "logs.md").read_text("utf-8").partition("## JSON")[2]


def line_of(call: CallRecord) -> dict[str, Any]:
    """The line of a call that ended."""
    fields: dict[str, Any] = {FIELD: call}
    return line("a call", **fields)


def line(said: str = "fine", **fields: Any) -> dict[str, Any]:
    """A record, as a line has it."""
    plain = {"msg": said, "levelname": "WARNING", "levelno": 30, "name": "tollway.proxy", "created": 1.5}
    text = JsonLines().format(logging.makeLogRecord({**plain, **fields}))
    assert text.isprintable()
    found: dict[str, Any] = json.loads(text)
    return found


def documented(part: int) -> set[str]:
    """The fields of a table."""
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENT.split("| field | is |")[part], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_a_message_has_its_time_level_and_place() -> None:
    assert line("fine") == {
        "at": "1970-01-01T00:00:01.500Z", "level": "warning", "event": "log", "logger": "tollway.proxy",
        "message": "fine",
    }  # fmt: skip


def test_of_several_processes_each_line_says_which_it_is_of() -> None:
    record = logging.makeLogRecord({"msg": "fine", "levelname": "INFO", "name": "tollway", "created": 1.5})

    found = json.loads(JsonLines(worker=2).format(record))

    assert found.pop("worker") == 2
    assert found == json.loads(JsonLines().format(record))


def test_of_an_exception_its_type_and_place_are_said_and_not_its_text() -> None:
    try:
        raise ValueError("a prompt")
    except ValueError as error:
        found = line("failed", exc_info=(ValueError, error, error.__traceback__))

    assert found["message"].startswith("failed ValueError in test_of_an_exception")
    assert "prompt" not in found["message"]


def test_the_document_has_all_fields_and_no_others() -> None:
    """Of a call of which everything is known; its counts stand in a paragraph."""
    counts = set(re.findall(r"`(\w+)`", DOCUMENT.partition("Beside these")[2].partition("What was not")[0]))

    assert set(line()) == documented(1) | documented(2)
    assert counts == set(USAGE_FIELDS)
    assert set(line_of(FULL)) == documented(1) | documented(3) | counts


@pytest.mark.parametrize(
    "one", [FULL, call(), call(state="open", ended_us=None)], ids=lambda one: str(one.id)
)
def test_a_call_has_the_same_fields_whatever_is_known_of_it(one: CallRecord) -> None:
    found = line_of(one)

    assert (found["event"], found["id"]) == ("call", one.id)
    assert set(found) - set(USAGE_FIELDS) == documented(1) | documented(3)
    assert one.credential is None or one.credential not in json.dumps(found)


def test_texts_of_callers_are_cut_off_and_are_text() -> None:
    found = line_of(call(model="x" * 10_000_000, tags={"env": "\ud800"}, limits=("a", "b")))

    assert len(found["model"]) == LONGEST
    assert (found["tags"], found["limits"]) == ({"env": "?"}, ["a", "b"])


def test_what_is_no_text_stays_as_it_is() -> None:
    assert sound({"a": [1, None, True, "snö"]}) == {"a": [1, None, True, "snö"]}


def test_a_call_is_one_line_without_anything_that_a_terminal_obeys() -> None:
    model = "a\x9b31m\u202eb\u2028c\x85d"

    assert line_of(call("a", model=model))["model"] == model
