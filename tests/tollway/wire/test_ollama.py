"""Ollama's requests are read, and refused in its own shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.ollama import Ollama, OllamaEmbeddings

HERE = Endpoint(kind=Kind.INFERENCE, provider="ollama", host="ollama.com", dialect="ollama")
CHAT, EMBED = Ollama(), OllamaEmbeddings()


@pytest.mark.parametrize(
    ("stream", "streams"),
    [({}, True), ({"stream": None}, True), ({"stream": True}, True), ({"stream": False}, False)],
)
def test_a_request_streams_unless_it_says_not_to(stream: dict[str, Any], streams: bool) -> None:
    """Ollama's default is the other way round than everybody's."""
    body = {"model": "gpt-oss:120b", "messages": [], "options": {"num_predict": 64}, **stream}

    assert CHAT.read_request(HERE, body) == Asked(model="gpt-oss:120b", stream=streams, max_output_tokens=64)


def test_an_unlimited_output_is_no_maximum() -> None:
    """-1: until the model stops; -2: until the context is full."""
    assert CHAT.read_request(HERE, {"options": {"num_predict": -1}}).max_output_tokens is None
    assert CHAT.read_request(HERE, {"options": [1], "model": 3}) == Asked(stream=True)


def test_the_texts_are_what_the_model_reads() -> None:
    """Of a chat its messages and tools, of a generate its prompt; images are none."""
    chat = {
        "messages": [{"role": "user", "content": "Hi", "images": []}, {"role": "tool", "content": "R"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    }

    assert list(CHAT.texts(chat)) == ["Hi", "R", "f", '{"type":"object"}']
    assert list(CHAT.texts({"system": "S", "prompt": "P", "suffix": "E", "model": "m"})) == ["S", "P", "E"]
    assert list(EMBED.texts({"input": ["a", "b"], "model": "m"})) == ["a", "b"]
    assert list(EMBED.texts({"prompt": "a", "model": "m"})) == ["a"]


def test_an_embedding_is_no_stream_and_reports_its_input() -> None:
    """However long the vectors before it are."""
    asked = EMBED.read_request(HERE, {"model": "nomic-embed-text", "input": "x"})
    reader = EMBED.reader(HERE, asked, {"content-type": "application/json"})

    vectors = [[0.25] * 90_000]
    reader.feed(
        json.dumps({"model": "nomic-embed-text", "embeddings": vectors, "prompt_eval_count": 8}).encode()
    )

    assert asked == Asked(model="nomic-embed-text")
    assert reader.report() == Report(usage=Usage(input_tokens=8), model="nomic-embed-text", complete=True)
    assert reader.delivered() == b""


def test_the_older_embeddings_count_nothing() -> None:
    """They are estimated."""
    reader = EMBED.reader(HERE, Asked(), {})

    reader.feed(b'{"embedding":[0.25,0.5]}')

    assert reader.report() == Report(complete=True)


def test_an_error_is_written_as_its_clients_read_it() -> None:
    """`ResponseError(error)` of the Python client, and the same in others."""
    assert json.loads(CHAT.error(403, "no", "limit_reached")) == {"error": "no", "code": "limit_reached"}


@given(st.dictionaries(st.sampled_from(["model", "stream", "options", "messages", "input"]), st.none()
    | st.integers() | st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=2)))  # fmt: skip
def test_whatever_is_asked_nothing_is_raised(body: dict[str, Any]) -> None:
    """Wrong types are absent."""
    for dialect in (CHAT, EMBED):
        assert isinstance(dialect.read_request(HERE, body), Asked)
        assert all(isinstance(text, str) for text in dialect.texts(body))
