"""Answers as they are kept, in few words."""

from typing import Any

from tollway.caching.place import Place
from tollway.caching.recorded import Recorded
from tollway.caching.rule import Offer, Rule
from tollway.caching.scope import Scope
from tollway.model import Usage

NOON_US = 1_800_000_000_000_000
DAY_US = 86_400_000_000
RULE = Rule(name="r", ttl_us=DAY_US, scope=Scope.USER, largest=1000)
OFFER = Offer(rule=RULE, scope="user ann")
PLACE = Place(key=b"k" * 32, offer=OFFER, ttl_us=DAY_US)


def answer(body: bytes = b'{"choices":[]}', **other: Any) -> Recorded:
    """One that was made at noon, and holds for a day."""
    said: dict[str, Any] = {
        "status": 200,
        "headers": (("content-type", "application/json"),),
        "body": body,
        "stream": False,
        "call": "c1",
        "rule": "r",
        "scope": "user ann",
        "provider": "openai",
        "model": "gpt-5",
        "usage": Usage(input_tokens=7, output_tokens=2),
        "cost_nano": 1500,
        "made_us": NOON_US,
        "until_us": NOON_US + DAY_US,
    }
    return Recorded(**(said | other))
