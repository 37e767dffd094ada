"""What the registry says of a request."""

from typing import Any

from tollway.model import Endpoint
from tollway.providers.load import load
from tollway.providers.recognise import recognise

REGISTRY = load()


def ask(url: str, method: str = "POST", upgrade: bool = False, registry: Any = REGISTRY) -> Endpoint | None:
    host, _, path = url.partition("/")
    name, _, port = host.partition(":")
    return recognise(registry, name, int(port or 443), method, "/" + path, upgrade)


def sure(url: str, method: str = "POST", upgrade: bool = False) -> Endpoint:
    endpoint = ask(url, method, upgrade)
    assert endpoint is not None
    return endpoint
