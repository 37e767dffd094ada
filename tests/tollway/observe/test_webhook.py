import asyncio
import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from tollway.observe.alert import Alert, Kind
from tollway.observe.post import Answer
from tollway.observe.webhook import PAUSES, Webhook

URL = "https://hooks.example/s3cret"
LONG = 60.0


def alert(text: str) -> Alert:
    return Alert(kind=Kind.LEVEL, text=text, at_us=0)


class Hook:
    """A webhook that answers in turn; after that, 200. It can be shut, and then keeps who asks waiting."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.texts: list[str] = []
        self.open, self.asked = threading.Event(), threading.Event()
        self.open.set()

    def __call__(self, url: str, document: Mapping[str, Any]) -> Answer:
        assert url == URL
        self.texts.append(document["text"].removeprefix("Tollway: "))
        self.asked.set()
        self.open.wait()
        return self.answers.pop(0) if self.answers else Answer(status=200)


class Slept:
    """A clock's sleep that takes no time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def test_alerts_arrive_in_their_order() -> None:
    hook = Hook()
    webhook = Webhook(URL, hook)

    for text in ("one", "two", "three"):
        webhook.send(alert(text))
    await webhook.stop(LONG)
    webhook.send(alert("four"))
    await webhook.stop(LONG)

    assert hook.texts == ["one", "two", "three", "four"]


async def test_what_is_busy_is_asked_again_with_growing_pauses_or_its_own() -> None:
    hook = Hook(Answer(status=503), Answer(status=429, wait_seconds=30.0), Answer(status=None))
    slept = Slept()
    webhook = Webhook(URL, hook, slept)

    webhook.send(alert("one"))
    await webhook.stop(LONG)

    assert hook.texts == ["one"] * 4
    assert slept.seconds == [1.0, 30.0, 4.0]


async def test_what_is_refused_is_told_in_the_log_and_not_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hook, slept = Hook(Answer(status=404)), Slept()
    webhook = Webhook(URL, hook, slept)

    webhook.send(alert("one"))
    webhook.send(alert("two"))
    await webhook.stop(LONG)

    assert hook.texts == ["one", "two"]
    assert slept.seconds == []
    assert caplog.messages == ["an alert of kind level did not reach the webhook: it answered 404"]


async def test_after_the_last_attempt_it_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    hook, slept = Hook(*[Answer(status=None)] * (len(PAUSES) + 1)), Slept()
    webhook = Webhook(URL, hook, slept)

    webhook.send(alert("one"))
    await webhook.stop(LONG)

    assert len(hook.texts) == len(PAUSES) + 1
    assert slept.seconds == list(PAUSES)
    assert caplog.messages == ["an alert of kind level did not reach the webhook: nothing answered"]


async def test_one_too_many_drops_the_oldest_and_nothing_waits_for_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hook = Hook()
    hook.open.clear()
    webhook = Webhook(URL, hook, most_waiting=2)

    webhook.send(alert("on its way"))
    await asyncio.to_thread(hook.asked.wait)
    for text in ("dropped", "kept", "last"):
        webhook.send(alert(text))
    hook.open.set()
    await webhook.stop(LONG)

    assert hook.texts == ["on its way", "kept", "last"]
    assert caplog.messages == ["more alerts than the webhook takes: one of kind level is dropped"]


async def test_the_end_does_not_wait_for_a_webhook_that_hangs(caplog: pytest.LogCaptureFixture) -> None:
    hook = Hook()
    hook.open.clear()
    webhook = Webhook(URL, hook)
    webhook.send(alert("one"))
    webhook.send(alert("two"))
    await asyncio.to_thread(hook.asked.wait)

    await webhook.stop(0)
    hook.open.set()

    assert caplog.messages == ["2 alerts did not reach the webhook before the end"]


async def test_to_stop_what_never_sent_is_nothing() -> None:
    await Webhook(URL).stop(LONG)


async def test_the_address_is_in_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    webhook = Webhook(URL, Hook(Answer(status=404), Answer(status=503)), Slept())

    webhook.send(alert("one"))
    webhook.send(alert("two"))
    await webhook.stop(LONG)

    assert "s3cret" not in caplog.text
    assert repr(webhook) == "Webhook(0 waiting)"
