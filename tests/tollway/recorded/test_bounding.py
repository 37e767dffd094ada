"""Recorded requests and their bounds."""

import json
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from tests.tollway.recorded.samples import NOW, URL
from tests.tollway.recorded.socket_samples import REALTIME, opened, received, sent
from tollway.prices.book import PriceBook
from tollway.providers.load import load
from tollway.recorded.bounding import Bounded, bounds, document, lines
from tollway.recorded.exchange import Damaged, Entry, Other, Recorded
from tollway.recorded.har import read

BODY = b'{"model": "gpt-4o", "max_tokens": 100, "messages": [{"role": "user", "content": "say hi"}]}'
READ = 5 + 4 + (10 + 4) + (8 + 4) + 4 + (4 + 4 + 4) + (7 + 4 + 6) + 2_048
"""model and max_tokens count their keys; messages its key, and a message with its role (user) and content."""
SENT = Recorded(
    method="POST", url=URL, started_us=None, request_headers={"content-type": "application/json"},
    request_body=BODY, request_bytes=len(BODY), status=200, response_headers={}, response_body=None,
    response_bytes=0, left=True,
)  # fmt: skip


def found(*entries: Entry) -> list[Bounded]:
    return [*bounds(entries, load(), PriceBook(), NOW)]


def documented(*entries: Entry) -> Sequence[Any]:
    calls: Sequence[Any] = document(found(*entries))["calls"]
    return calls


def test_a_call_has_a_bound_and_what_it_comes_to() -> None:
    """gpt-4o costs 2,500 nano-dollars a token in and 10,000 out, or more: no tier is certain."""
    (call,) = found(SENT)

    assert (call.n, call.provider, call.model) == (0, "openai", "gpt-4o")
    assert call.nano is not None
    assert call.nano >= READ * 2_500 + 100 * 10_000
    (shown,) = documented(SENT)
    assert shown["bounded"] is True
    assert shown["usage"] == {"input_tokens": READ, "output_tokens": 100}
    assert (shown["max_output_tokens"], shown["answers"], shown["shape"]) == (100, 1, "openai_chat text")
    assert shown["why"][1] == "output: the caller's maximum, 100 tokens"
    assert float(shown["cost_usd"]) > 0.006


def test_a_line_says_who_how_much_and_why() -> None:
    (line,) = lines(found(SENT))

    assert line.startswith("0  openai  gpt-4o  0.")
    assert f" USD  input_tokens {READ:,}, output_tokens 100  (input: " in line
    assert line.endswith("output: the caller's maximum, 100 tokens)")


def test_a_call_without_a_bound_says_why() -> None:
    body = b'{"model": "gpt-4o", "messages": [], "web_search_options": {}}'
    sent = replace(SENT, request_body=body)

    assert documented(sent) == [
        {
            "n": 0, "url": URL, "provider": "openai", "model": "gpt-4o", "bounded": False,
            "shape": "openai_chat", "reason": "web_search_options: the provider searches the web first",
        }
    ]  # fmt: skip
    assert [*lines(found(sent))] == [
        "0  openai  gpt-4o  no bound: web_search_options: the provider searches the web first"
    ]


def test_an_output_without_a_maximum_has_no_cost() -> None:
    """A clamp adds one."""
    sent = replace(SENT, request_body=b'{"model": "gpt-99", "messages": []}')
    (line,) = lines(found(sent))

    assert found(sent)[0].nano is None
    assert "cost not known  input_tokens 2,069, output_tokens as a clamp sets them" in line


def test_a_model_without_a_price_has_no_cost() -> None:
    sent = replace(SENT, request_body=b'{"model": "gpt-99", "max_tokens": 5, "messages": []}')

    assert [call["cost_usd"] for call in documented(sent)] == [None]


def test_a_body_that_is_missing_or_broken_has_no_bound() -> None:
    missing, broken = replace(SENT, request_body=None), replace(SENT, request_body=b"{")

    assert [call["reason"] for call in documented(missing, broken)] == [
        "the body was not recorded", "the body is not what its dialect says",
    ]  # fmt: skip


def test_a_call_without_a_model_has_a_line() -> None:
    (line,) = lines(found(replace(SENT, request_body=b"{}")))

    assert line.startswith("0  openai  -  ")


def test_what_is_no_call_is_left_out() -> None:
    """Numbers stay those of the file."""
    others = (
        Damaged(reason="is broken"),
        Other(reason="dns", url="dns:"),
        replace(SENT, websocket=True),
        replace(SENT, url="no url"),
        replace(SENT, url="ftp://a/b"),
        replace(SENT, url="https://example.com/"),
        replace(SENT, url="https://api.openai.com/v1/models", method="GET"),
        replace(SENT, url="https://api.openai.com/v1/responses/resp_1", method="GET", request_body=b""),
    )

    assert [call.n for call in found(*others, SENT)] == [len(others)]


def test_a_file_s_date_prices_its_calls() -> None:
    """As of 2026, whenever the file is read."""
    assert found(replace(SENT, started_us=NOW)) == found(SENT)


def test_no_control_character_reaches_a_terminal() -> None:
    body = b'{"model": "a\\u001b[31m", "max_tokens": 1, "messages": []}'
    (line,) = lines(found(replace(SENT, request_body=body)))

    assert "\x1b" not in line


def test_each_call_of_responses_on_a_socket_has_the_bound_of_its_body() -> None:
    """What a message has around the body is nothing that a model reads."""
    body: dict[str, Any] = {"model": "gpt-4o", "max_output_tokens": 100, "input": "say hi"}
    asked = [sent(type="response.create", stream_id=lane, generate=True, **body) for lane in ("a", "b")]
    url = "https://api.openai.com/v1/responses"
    over_http = replace(SENT, url=url, request_body=json.dumps(body).encode())

    first, second = documented(read(json.dumps(opened(*asked)).encode()))
    (alone,) = documented(over_http)

    assert (first["n"], first["call"], second["call"]) == (0, 0, 1)
    assert {**first, "url": url, "call": 1} == {**second, "url": url} == {**alone, "call": 1}
    assert [line.split()[0] for line in lines(found(read(json.dumps(opened(*asked)).encode())))] == [
        "0.0",
        "0.1",
    ]


def test_what_is_spoken_has_no_bound() -> None:
    """Nor has what a provider begins by itself."""
    began = received(type="response.created", response={"id": "resp_2"})
    spoken = opened(sent(type="response.create"), url=REALTIME)

    calls = documented(*(read(json.dumps(one).encode()) for one in (spoken, opened(began))))

    assert [(call["n"], call["call"], call["bounded"]) for call in calls] == [(0, 0, False), (1, 0, False)]
    assert {call["reason"] for call in calls} == {
        "nothing in it bounds what an answer on such a socket comes to"
    }
