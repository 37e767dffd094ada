"""The golden files: one made-up call each, in shapes that its `source` has, in both dialects.

{"source", "note": what is remarkable, "url", "model": of the target,
 "request": Anthropic's, "chat": the same for the target, or "refused": why there is none,
 "names": of tools, the long ones by the short ones,
 "status", "response_headers", "response": JSON, or {"lines": of a stream}, "answer": the same as Anthropic's}
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from anthropic.types import Message
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.translation.chats import cut, events
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.translation.back import translator
from tollway.translation.request import Request, chat_request
from tollway.translation.way_back import WayBack

FOLDER = Path(__file__).parents[2] / "golden" / "translation"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
ANSWERED = [name for name in NAMES if '"answer"' in (FOLDER / f"{name}.json").read_text()]


@cache
def golden(name: str) -> dict[str, Any]:
    """One file."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def body(said: Any) -> bytes:
    """An answer as it comes."""
    return "\n".join(said["lines"]).encode() if "lines" in said else orjson.dumps(said)


def answered(name: str, places: list[int]) -> bytes:
    """The translation of an answer, cut at these places."""
    file = golden(name)
    back = WayBack(id="0123456789abcdef", model=file["model"], tools=file.get("names", {}))
    streams = file["request"].get("stream") is True
    made = translator(back, file["status"], file["response_headers"], streams)
    return cut(made, body(file["response"]), places)


@pytest.mark.parametrize("name", NAMES)
def test_a_request_is_said_so_or_refused_so(name: str) -> None:
    file = golden(name)
    host, _, path = file["url"].partition("/")
    endpoint = recognise(load(), host, 443, "POST", f"/{path}")
    assert endpoint is not None
    found = chat_request(file["request"], endpoint, file["model"])

    if isinstance(found, Request):
        assert (found.members, found.tools) == (file["chat"], file.get("names", {}))
        assert list(found.members) == list(file["chat"])
    else:
        assert found == file["refused"]


@pytest.mark.parametrize("name", ANSWERED)
@given(st.lists(st.integers(0, 10**5), max_size=9))
def test_an_answer_is_said_so_however_it_is_cut(name: str, places: list[int]) -> None:
    assert answered(name, places) == body(golden(name)["answer"])


@pytest.mark.parametrize("name", ANSWERED)
def test_what_is_said_is_what_the_official_sdk_knows(name: str) -> None:
    answer = golden(name)["answer"]

    if "lines" in answer:
        assert events(body(answer))
    elif golden(name)["status"] == 200:
        Message.model_validate(answer)
    else:
        assert answer["type"] == "error"
