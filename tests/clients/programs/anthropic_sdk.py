"""What people do with Anthropic's SDK. Prints what it made of each answer, as one JSON object."""

import asyncio
import json
from typing import Any

import anthropic
from anthropic.types import Message, MessageParam

TALK: list[MessageParam] = [{"role": "user", "content": "say hi"}]


def main() -> None:
    """Nothing in here knows of a proxy."""
    client = anthropic.Anthropic(max_retries=0)
    said = {
        "messages": messages(client),
        "stream": stream(client),
        "async stream": asyncio.run(in_async()),
        "count": client.messages.count_tokens(model="claude-3-7-sonnet-latest", messages=TALK).input_tokens,
        "error": error(client),
        "models": [model.id for model in client.models.list()],
    }
    print(json.dumps(said))


def told(message: Message) -> dict[str, Any]:
    """What a message says and used."""
    (block,) = message.content
    assert block.type == "text"
    return {"text": block.text, "input": message.usage.input_tokens, "output": message.usage.output_tokens}


def messages(client: anthropic.Anthropic) -> dict[str, Any]:
    """A whole answer, with its headers."""
    raw = client.messages.with_raw_response.create(model="claude-sonnet-4-5", max_tokens=64, messages=TALK)
    headers = {"call": raw.headers["x-tollway-call"], "cost": raw.headers["x-tollway-cost"]}
    return told(raw.parse()) | headers


def stream(client: anthropic.Anthropic) -> dict[str, Any]:
    """A stream that the SDK puts together."""
    with client.messages.stream(model="claude-haiku-4-5", max_tokens=64, messages=TALK) as events:
        text = "".join(events.text_stream)
        return told(events.get_final_message()) | {"streamed": text}


async def in_async() -> dict[str, Any]:
    """The same, with asyncio."""
    async with (
        anthropic.AsyncAnthropic(max_retries=0) as client,
        client.messages.stream(model="claude-opus-4-5", max_tokens=64, messages=TALK) as events,
    ):
        return told(await events.get_final_message())


def error(client: anthropic.Anthropic) -> dict[str, Any]:
    """The type that the SDK raises, and what is in it."""
    fail = {"x-sim": '{"status": 529}'}
    try:
        client.messages.create(model="claude-opus-4-1", max_tokens=64, messages=TALK, extra_headers=fail)
    except anthropic.APIStatusError as raised:
        return {"type": type(raised).__name__, "status": raised.status_code}
    raise AssertionError("no error came")


if __name__ == "__main__":
    main()
