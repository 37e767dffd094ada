"""What people do with OpenAI's SDK. Prints what it made of each answer, as one JSON object."""

import asyncio
import json
from typing import Any

import openai
from openai.types.chat import ChatCompletionMessageParam

TALK: list[ChatCompletionMessageParam] = [{"role": "user", "content": "say hi"}]


def main() -> None:
    """Nothing in here knows of a proxy."""
    client = openai.OpenAI(max_retries=0)
    said = {
        "chat": chat(client),
        "chat stream": stream(client, "gpt-4o-mini"),
        "chat stream with usage": stream(client, "gpt-4.1", stream_options={"include_usage": True}),
        "responses": responses(client),
        "responses stream": responses_stream(client),
        "embeddings": embeddings(client),
        "async": asyncio.run(in_async()),
        "error": error(client),
        "models": [model.id for model in client.models.list()],
    }
    print(json.dumps(said))


def chat(client: openai.OpenAI) -> dict[str, Any]:
    """A whole answer, with its headers."""
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=TALK)
    answer = raw.parse()
    assert answer.usage is not None
    return {
        "text": answer.choices[0].message.content,
        "input": answer.usage.prompt_tokens,
        "output": answer.usage.completion_tokens,
        "call": raw.headers["x-tollway-call"],
        "cost": raw.headers["x-tollway-cost"],
    }


def stream(client: openai.OpenAI, model: str, **options: Any) -> dict[str, Any]:
    """A stream, with or without a last chunk that has the usage and no choice."""
    chunks = list(client.chat.completions.create(model=model, messages=TALK, stream=True, **options))
    usage = chunks[-1].usage
    return {
        "text": "".join(c.choices[0].delta.content or "" for c in chunks if c.choices),
        "without choices": sum(not chunk.choices for chunk in chunks),
        "input": usage and usage.prompt_tokens,
        "output": usage and usage.completion_tokens,
    }


def responses(client: openai.OpenAI) -> dict[str, Any]:
    """A whole answer of the newer API."""
    answer = client.responses.create(model="gpt-4.1-mini", input="say hi")
    assert answer.usage is not None
    return {
        "text": answer.output_text,
        "input": answer.usage.input_tokens,
        "output": answer.usage.output_tokens,
    }


def responses_stream(client: openai.OpenAI) -> dict[str, Any]:
    """A stream that the SDK puts together."""
    with client.responses.stream(model="gpt-4.1-nano", input="say hi") as events:
        kinds = [event.type for event in events]
        answer = events.get_final_response()
    assert answer.usage is not None
    return {
        "text": answer.output_text,
        "last": kinds[-1],
        "input": answer.usage.input_tokens,
        "output": answer.usage.output_tokens,
    }


def embeddings(client: openai.OpenAI) -> dict[str, Any]:
    """Two texts; the SDK asks for base64 and decodes it."""
    answer = client.embeddings.create(model="text-embedding-3-small", input=["one", "two"])
    return {"vectors": len(answer.data), "input": answer.usage.prompt_tokens}


async def in_async() -> dict[str, Any]:
    """Two calls at once, on one client."""
    async with openai.AsyncOpenAI(max_retries=0) as client:
        answers = await asyncio.gather(
            *(client.chat.completions.create(model="o4-mini", messages=TALK) for _ in range(2))
        )
    return {
        "texts": [answer.choices[0].message.content for answer in answers],
        "output": sum(answer.usage.completion_tokens for answer in answers if answer.usage),
    }


def error(client: openai.OpenAI) -> dict[str, Any]:
    """The type that the SDK raises, and what is in it."""
    try:
        client.chat.completions.create(
            model="gpt-4", messages=TALK, extra_headers={"x-sim": '{"status": 429}'}
        )
    except openai.APIStatusError as raised:
        return {"type": type(raised).__name__, "status": raised.status_code, "code": raised.code}
    raise AssertionError("no error came")


if __name__ == "__main__":
    main()
