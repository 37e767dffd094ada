"""What people do with Google's SDK. Prints what it made of each answer, as one JSON object."""

import asyncio
import json
from typing import Any

from google import genai
from google.genai import errors, types


def main() -> None:
    """Nothing in here knows of a proxy."""
    client = genai.Client()
    said = {
        "generate": told(client.models.generate_content(model="gemini-2.5-flash", contents="say hi")),
        "stream": stream(client),
        "async": asyncio.run(in_async(client)),
        "embed": embed(client),
        "count": client.models.count_tokens(model="gemini-2.0-flash", contents="say hi").total_tokens,
        "error": error(client),
    }
    print(json.dumps(said))


def told(answer: types.GenerateContentResponse) -> dict[str, Any]:
    """What an answer says and used."""
    usage = answer.usage_metadata
    return {
        "text": answer.text,
        "input": usage and usage.prompt_token_count,
        "output": usage and usage.candidates_token_count,
    }


def stream(client: genai.Client) -> dict[str, Any]:
    """A stream, piece by piece; the last has the usage."""
    pieces = list(client.models.generate_content_stream(model="gemini-2.5-pro", contents="say hi"))
    return told(pieces[-1]) | {"text": "".join(piece.text or "" for piece in pieces)}


async def in_async(client: genai.Client) -> dict[str, Any]:
    """With asyncio, which takes another HTTP client where one is installed."""
    return told(await client.aio.models.generate_content(model="gemini-2.5-flash-lite", contents="say hi"))


def embed(client: genai.Client) -> dict[str, Any]:
    """Two texts."""
    answer = client.models.embed_content(model="gemini-embedding-001", contents=["one", "two"])
    return {"vectors": len(answer.embeddings or ())}


def error(client: genai.Client) -> dict[str, Any]:
    """The type that the SDK raises, and what is in it."""
    fail = types.HttpOptions(headers={"x-sim": '{"status": 400}'})
    config = types.GenerateContentConfig(http_options=fail)
    try:
        client.models.generate_content(model="gemini-1.5-pro", contents="say hi", config=config)
    except errors.ClientError as raised:
        return {"type": type(raised).__name__, "status": raised.code}
    raise AssertionError("no error came")


if __name__ == "__main__":
    main()
