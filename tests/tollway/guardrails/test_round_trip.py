"""What is taken out of a request and put back into its answer is what it was: any text, dialect, chunking."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.dialects.dialect import Asked, Dialect
from tests.simulator.scenario import Scenario
from tests.tollway.guardrails.answers.filtering import cut, through
from tests.tollway.guardrails.answers.test_answers import MADE, said
from tollway.guardrails.answering import Answering, Guards
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.redact import redacted
from tollway.guardrails.spot import spots

PARTS = st.sampled_from([
    "ann@firma.de", 'a "quoted" \\ one@firma.de', "REDACTED_", "REDACTED_EMAIL_", "Dear ", "\n", "é",
    "\U0001f600", "{", '"', "\\", " ", "x",
])  # fmt: skip
TEXTS = st.lists(PARTS, min_size=1, max_size=8).map("".join)
STREAMS = pytest.mark.parametrize(("dialect", "module", "shape", "media"), MADE)


def mail(text: str) -> Iterator[Found]:
    """Finds what looks like an address, however odd."""
    for match in re.finditer(r'(?:a "quoted" \\ )?\w+@firma\.de', text):
        yield Found(
            start=match.start(), end=match.end(), kind="email", family=Family.PERSONAL, tier=Tier.CERTAIN
        )


def taken_out(text: str) -> tuple[str, Guards]:
    """What a model sees of a text that a request has, and what the request's answer passes."""
    body = json.dumps({"messages": [{"role": "user", "content": text}]}).encode()
    made = redacted(body, spots(body, [mail]), lambda kind, value: placeholder(b"key", "s", kind, value))
    return json.loads(made.body)["messages"][0]["content"], Guards(taken=made.taken)


@STREAMS
@given(
    text=TEXTS,
    places=st.lists(st.integers(0, 9999), max_size=12),
    sizes=st.lists(st.integers(1, 9), min_size=1),
)
@settings(max_examples=20)
def test_a_streamed_answer_that_says_a_request_again_says_what_its_caller_wrote(
    dialect: str, module: Dialect, shape: str, media: str, text: str, places: list[int], sizes: list[int]
) -> None:
    """Wherever the provider cuts its events, and the network the bytes."""
    seen, guards = taken_out(text)
    assert "@firma.de" not in seen
    pieces, at = list[str](), 0
    while at < len(seen):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(seen[at : at + size])
        at += size
    body = b"".join(module.events(Asked(stream=True, shape=shape), Scenario(texts=tuple(pieces))))

    out = through(dialect, media, cut(body, places), Answering(guards).filter)

    plain = through(dialect, media, [body], Answering(Guards()).filter)
    assert plain == body
    expected = "".join(said(dialect, body, media))
    for mask, value in guards.taken.items():
        expected = expected.replace(mask, value)
    assert "".join(said(dialect, out, media)) == expected
    assert expected == text
