"""Time grows with the text, whatever it is made of."""

import time
from random import Random

import pytest

from tests.detection import secret_values as made
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.bounded import MOST

PART = 100_000
WORDS = sorted({word for rule in load.rules() for word in rule.keywords})

HOSTILE = {
    "one character": "a" * PART,
    "base64": made.text(Random(1), PART, made.BASE64),
    "base64 of text": made.encoded("some text, " * (PART // 15)),
    "spaces after a name": "password=" + " " * PART,
    "names": "password=" * (PART // 9),
    "passwords": "".join(f'password="hunter{at}x"\n' for at in range(PART // 22)),
    "placeholders": "password=${X} " * (PART // 14),
    "keywords": " ".join(WORDS * (PART // len(" ".join(WORDS)))),
    "beginnings of keys": f"-----BEGIN PRIVATE {'KEY'}-----\n" * (PART // 28),
    "users": "redis://:a@" * (PART // 11),
    "users without a host": "redis://:" + "a@" * (PART // 2),
    "beginnings of web tokens": "eyJ" * (PART // 3),
    "prefixes": "sk-" * (PART // 3),
    "machines": "machine a login b " * (PART // 18),
    "maps": "kind: Secret\n" + "data:\n  a: aGVsbG8gd29ybGQ=\n" * (PART // 28),
    "commands": "curl -u " * (PART // 8),
    "backslashes": "\\" * PART + "n",
    "three bytes each": "日" * (PART // 3),
}


def seconds(text: str) -> float:
    """Of this thread alone: others' work does not count. The least of three times."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        load.pack().scan(text)
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.slow
@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_eight_times_the_text_takes_no_more_than_some_eight_times_as_long(what: str) -> None:
    """Sixty-four times would be the square, and that seconds. A loaded machine has its tenth of one."""
    part = HOSTILE[what]

    once, eight_times = seconds(part), seconds(part * 8)

    assert eight_times < 24 * once + 0.1


@pytest.mark.parametrize("what", ["passwords", "machines", "maps"])
def test_findings_are_bounded(what: str) -> None:
    """And reach to the last of them."""
    text = HOSTILE[what]

    found = load.pack().scan(text)

    assert len(found) <= MOST
    assert len(found) < MOST or found[-1].end == len(text)
