"""Cohere, Ollama and Mistral's OCR are played in the shapes that their documents and SDKs have."""

import json
from typing import Any

import pytest

from tests.simulator import Scenario, Usage
from tests.simulator.dialects import cohere, mistral_ocr, ollama
from tests.simulator.routes import route

USAGE = Usage(input_tokens=9, output_tokens=3)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v2/chat", "cohere"),
        ("/v2/rerank", "cohere"),
        ("/api/chat", "ollama"),
        ("/api/generate", "ollama"),
        ("/v1/ocr", "mistral_ocr"),
    ],
)
def test_their_paths_lead_to_them(path: str, name: str) -> None:
    """Hosts do not matter."""
    assert route("POST", path) == name


def test_cohere_bills_less_than_it_processed() -> None:
    """Counts are floats, and no model is named."""
    asked = cohere.ask("/v2/chat", "", {"model": "command-a"})
    answer = json.loads(cohere.whole(asked, Scenario(usage=USAGE, text="Hi.", events=1, thinking=1)))

    assert answer["usage"]["billed_units"] == {"input_tokens": 9.0, "output_tokens": 3.0}
    assert answer["usage"]["tokens"] == {"input_tokens": 509.0, "output_tokens": 503.0}
    assert [part["type"] for part in answer["message"]["content"]] == ["thinking", "text"]
    assert "model" not in answer


def test_cohere_s_stream_ends_with_its_usage() -> None:
    """Or with an error, half-way."""
    asked = cohere.ask("/v2/chat", "", {"model": "command-a", "stream": True})
    last = cohere.events(asked, Scenario(usage=USAGE, thinking=1))[-1].decode()
    failed = cohere.events(asked, Scenario(finish="error"))

    assert last.startswith("event: message-end\n")
    assert json.loads(last.partition("data: ")[2])["delta"]["usage"]["billed_units"]["input_tokens"] == 9
    assert b'"ERROR"' in failed[-1]
    assert len(failed) < len(cohere.events(asked, Scenario()))


def test_cohere_s_other_operations_have_a_meta() -> None:
    """Tokens, or search units."""
    embed = cohere.ask("/v2/embed", "", {"texts": ["a", "b"]})
    rerank = cohere.ask("/v2/rerank", "", {"documents": ["a"]})

    assert json.loads(cohere.whole(embed, Scenario(usage=USAGE)))["meta"]["billed_units"] == {
        "input_tokens": 9
    }
    assert json.loads(cohere.whole(rerank, Scenario()))["meta"]["billed_units"] == {"search_units": 1}
    assert "billed_units" not in json.loads(cohere.whole(rerank, Scenario(usage=None)))["meta"]
    assert json.loads(cohere.error(rerank, Scenario(message="no")))["message"] == "no"


@pytest.mark.parametrize(("operation", "member"), [("chat", "message"), ("generate", "response")])
def test_ollama_streams_lines_unless_told_not_to(operation: str, member: str) -> None:
    """The last one has the counts."""
    asked = ollama.ask(f"/api/{operation}", "", {"model": "m"})
    lines = [json.loads(line) for line in ollama.events(asked, Scenario(usage=USAGE, events=2, thinking=1))]
    whole = ollama.ask(f"/api/{operation}", "", {"model": "m", "stream": False})

    assert asked.stream
    assert [line["done"] for line in lines] == [False, False, False, True]
    assert all(member in line for line in lines)
    assert (lines[-1]["prompt_eval_count"], lines[-1]["eval_count"]) == (9, 3)
    assert not whole.stream
    assert json.loads(ollama.whole(whole, Scenario(usage=USAGE)))["eval_count"] == 3


def test_ollama_leaves_zeros_out_and_fails_with_a_text() -> None:
    """As Go writes them."""
    asked = ollama.ask("/api/chat", "", {"model": "m"})
    last: dict[str, Any] = json.loads(ollama.events(asked, Scenario(usage=Usage(input_tokens=0)))[-1])
    failed = json.loads(ollama.events(asked, Scenario(finish="error", message="no"))[-1])
    embed = ollama.ask("/api/embed", "", {"input": ["a", "b"]})

    assert "prompt_eval_count" not in last
    assert failed == json.loads(ollama.error(asked, Scenario(message="no"))) == {"error": "no"}
    assert len(json.loads(ollama.whole(embed, Scenario()))["embeddings"]) == 2
    assert "eval_count" not in json.loads(ollama.whole(embed, Scenario(usage=USAGE)))
    assert "eval_count" not in json.loads(ollama.events(asked, Scenario(usage=None))[-1])


def test_ocr_has_the_pages_that_were_asked_for() -> None:
    """Counted behind them."""
    asked = mistral_ocr.ask("/v1/ocr", "", {"model": "mistral-ocr-4-1", "pages": [0, 4]})
    answer = json.loads(mistral_ocr.whole(asked, Scenario()))

    assert len(answer["pages"]) == answer["usage_info"]["pages_processed"] == 2
    assert mistral_ocr.ask("/v1/ocr", "", {}).inputs == 3
    assert json.loads(mistral_ocr.whole(asked, Scenario(usage=None)))["usage_info"] == {}
    assert json.loads(mistral_ocr.error(asked, Scenario()))["object"] == "error"
    assert mistral_ocr.events(asked, Scenario()) == [mistral_ocr.whole(asked, Scenario())]
