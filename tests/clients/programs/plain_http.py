"""The same call with each of Python's HTTP clients that is installed. Prints what each got, as JSON."""

import asyncio
import json
import urllib.request
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

URL = "https://api.openai.com/v1/chat/completions"


def with_urllib(body: dict[str, Any]) -> Any:
    """Of the standard library."""
    request = urllib.request.Request(URL, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def with_requests(body: dict[str, Any]) -> Any:
    """The best known one."""
    import requests

    return requests.post(URL, json=body, timeout=120).json()


def with_httpx(body: dict[str, Any]) -> Any:
    """The one that SDKs are built on."""
    import httpx

    return httpx.post(URL, json=body, timeout=120).json()


def with_httpx2(body: dict[str, Any]) -> Any:
    """Its successor."""
    import httpx2

    return httpx2.post(URL, json=body, timeout=120).json()


def with_aiohttp(body: dict[str, Any]) -> Any:
    """It reads the proxy's variables only where the program says `trust_env`."""
    aiohttp: Any = import_module("aiohttp")

    async def post() -> Any:
        async with (
            aiohttp.ClientSession(trust_env=True) as session,
            session.post(URL, json=body) as answer,
        ):
            return await answer.json()

    return asyncio.run(post())


CLIENTS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "urllib": ("gpt-4o", with_urllib),
    "requests": ("gpt-4o-mini", with_requests),
    "httpx": ("gpt-4.1", with_httpx),
    "httpx2": ("gpt-4.1-mini", with_httpx2),
    "aiohttp": ("gpt-4.1-nano", with_aiohttp),
}
"""Each with a model of its own, by which its call is found."""


def main() -> None:
    """Nothing in here knows of a proxy."""
    said = {}
    for name, (model, post) in CLIENTS.items():
        if find_spec(name) is not None:
            answer = post({"model": model, "messages": [{"role": "user", "content": "say hi"}]})
            said[name] = {"text": answer["choices"][0]["message"]["content"], **answer["usage"]}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
