"""Mistral's moderations cost what their input does, reported or estimated."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.mistral_moderation import MistralModeration

HERE = Endpoint(kind=Kind.INFERENCE, provider="mistral", host="api.mistral.ai", dialect="mistral_moderation")
MODERATION = MistralModeration()
ANSWER = {"id": "mod-1", "model": "mistral-moderation-2411", "results": [{"categories": {"pii": False}}]}


def read(body: bytes) -> Report:
    reader = MODERATION.reader(HERE, Asked(), {})
    reader.feed(body)
    assert reader.delivered() == b""
    return reader.report()


def test_an_answer_is_whole_and_mostly_counts_nothing() -> None:
    """So the input will be estimated."""
    known = Report(id="mod-1", model="mistral-moderation-2411", complete=True)
    usage = {"prompt_tokens": 7, "completion_tokens": 0, "total_tokens": 7}

    assert read(json.dumps(ANSWER).encode()) == known
    assert read(json.dumps({**ANSWER, "usage": usage}).encode()).usage == Usage(
        input_tokens=7, output_tokens=0
    )


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"input": "a"}, ["a"]),
        ({"input": ["a", "b"]}, ["a", "b"]),
        ({"input": [{"role": "user", "content": "a"}]}, ["a"]),
        ({"inputs": [{"messages": [{"role": "user", "content": "a"}]}]}, ["a"]),
        ({"input": 5}, []),
    ],
)
def test_the_input_is_what_the_model_reads(body: dict[str, Any], texts: list[str]) -> None:
    """Texts, or chats."""
    asked = {"model": "mistral-moderation-latest", **body}

    assert MODERATION.read_request(HERE, asked) == Asked(model="mistral-moderation-latest")
    assert list(MODERATION.texts(asked)) == texts


def test_errors_are_in_mistral_s_shape() -> None:
    """Its own, and ours."""
    assert read(b'{"object":"error","type":"invalid_model","message":"secret"}').error == "invalid_model"
    assert json.loads(MODERATION.error(403, "no", "limit_reached"))["object"] == "error"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"usage":'):
        assert isinstance(read(opening + body), Report)
