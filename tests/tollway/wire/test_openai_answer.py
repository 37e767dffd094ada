"""What the messages of an answer tell adds up to one report."""

import json
from typing import Any

import pytest

from tollway.model import Report, Usage
from tollway.wire.counts import part
from tollway.wire.openai_answer import Answer, Whole, error_type, parsed, told
from tollway.wire.openai_usage import usage_of


def tell(report: Report, message: Any) -> Report:
    usage = part(message, "usage")
    return told(report, message, usage_of(usage), usage)


def test_what_a_message_leaves_out_stays_as_it_was() -> None:
    message = {"id": "1", "model": "m", "service_tier": "flex", "usage": {"prompt_tokens": 3, "cost": 0.5}}
    first = tell(Report(), message)

    assert first == Report(id="1", model="m", tier="flex", usage=Usage(input_tokens=3), cost_nano=500_000_000)
    assert tell(first, {"id": "", "model": None, "service_tier": 1, "usage": None}) == first
    assert tell(first, {"model": "n", "usage": {"prompt_tokens": 0}}) == Report(
        id="1", model="n", tier="flex", usage=Usage(input_tokens=0), cost_nano=500_000_000
    )


def test_watsonx_names_its_model_otherwise() -> None:
    """In requests, too."""
    assert told(Report(), {"model_id": "ibm/granite-4"}, None, {}).model == "ibm/granite-4"
    assert told(Report(), {"model": "a", "model_id": "b"}, None, {}).model == "a"


def test_an_empty_tier_is_none() -> None:
    assert tell(Report(), {"service_tier": ""}).tier is None


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ({}, None),
        ({"error": None}, None),
        ({"error": False}, None),
        ({"error": {"type": "a_b.c-1"}}, "a_b.c-1"),
        ({"error": {"type": "error", "code": "inner"}}, "inner"),
        ({"error": {"type": "x" * 65}}, "error"),
        ({"error": {"type": "two words", "code": "one"}}, "one"),
        ({"error": [1]}, "error"),
        ({"type": "error", "code": "c"}, "c"),
        ({"object": "error"}, "error"),
    ],
)
def test_the_type_of_an_error_is_a_word(message: dict[str, Any], kind: str | None) -> None:
    assert error_type(message) == kind


@pytest.mark.parametrize(("data", "expected"), [(b'{"a":1}', {"a": 1}), (b"[1]", {}), (b"{", {}), (b"", {})])
def test_what_is_no_object_is_an_empty_one(data: bytes, expected: dict[str, Any]) -> None:
    assert parsed(data) == expected


def test_a_huge_answer_is_read_at_its_ends() -> None:
    body = {
        "id": "1",
        "choices": [{"message": {"content": "x" * 200_000}}] * 30,
        "usage": {"prompt_tokens": 3},
    }
    reader = Whole(tell, "choices")

    reader.feed(json.dumps(body).encode())

    assert reader.report() == Report(id="1", usage=Usage(input_tokens=3), complete=True)
    assert reader.delivered() == b""


@pytest.mark.parametrize(
    ("first", "kind"), [(b"{", "whole"), (b"\t {", "whole"), (b"data", "stream"), (b":", "stream")]
)
def test_the_first_byte_decides_on_the_reader(first: bytes, kind: str) -> None:
    chosen = []

    def choosing(name: str) -> Whole:
        chosen.append(name)
        return Whole(tell, "")

    answer = Answer(lambda: choosing("stream"), lambda: choosing("whole"))
    answer.feed(b" \r\n")
    assert chosen == []

    answer.feed(first)
    answer.feed(b"{")

    assert chosen == [kind]
