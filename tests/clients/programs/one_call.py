"""One call with the client that is named. Prints what a person would see of it: a text, or an error."""

import asyncio
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib import import_module
from typing import Any

import orjson

URL = "https://api.openai.com/v1/chat/completions"
BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}]}


def with_urllib() -> str:
    """Of the standard library."""
    request = urllib.request.Request(URL, orjson.dumps(BODY), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


def with_requests() -> str:
    """The best known one."""
    return str(import_module("requests").post(URL, json=BODY, timeout=60).text)


def with_httpx() -> str:
    """The one that SDKs are built on."""
    return str(import_module("httpx").post(URL, json=BODY, timeout=60).text)


def with_aiohttp() -> str:
    """It reads the proxy's variables only where the program says `trust_env`."""
    aiohttp: Any = import_module("aiohttp")

    async def post() -> str:
        async with (
            aiohttp.ClientSession(trust_env=True) as session,
            session.post(URL, json=BODY) as answer,
        ):
            return str(await answer.text())

    return asyncio.run(post())


def with_openai() -> str:
    """OpenAI's SDK."""
    client = import_module("openai").OpenAI(max_retries=0)
    return str(client.chat.completions.create(**BODY).choices[0].message.content)


def with_anthropic() -> str:
    """Anthropic's SDK."""
    client = import_module("anthropic").Anthropic(max_retries=0)
    messages = BODY["messages"]
    return str(
        client.messages.create(model="claude-haiku-4-5", max_tokens=64, messages=messages).content[0].text
    )


CLIENTS: dict[str, Callable[[], str]] = {
    "urllib": with_urllib,
    "requests": with_requests,
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "openai": with_openai,
    "anthropic": with_anthropic,
}


def main() -> None:
    """Nothing in here knows of a proxy, or of who calls."""
    try:
        print(CLIENTS[sys.argv[1]]())
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
