"""What a test asks of the detectors."""

from random import Random

from tests.detection.personal_values import MAKERS
from tollway.guardrails.found import Tier
from tollway.guardrails.personal.detect import personal


def found(text: str, kind: str) -> list[tuple[str, Tier]]:
    """The places of a kind, as the text has them."""
    return [(text[one.start : one.end], one.tier) for one in personal(text, {kind})]


def made(kind: str, seed: int = 0) -> str:
    """A number of nobody, of a kind."""
    return MAKERS[kind](Random(seed))
