import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from tollway.alerts.alert import Alert, Kind
from tollway.observe.post import Answer
from tollway.observe.webhook import FEW, PAUSES, Webhook

URL = "https://hooks.example/s3cret"
LONG = 60.0


def alert(text: str) -> Alert:
    return Alert(kind=Kind.LEVEL, text=text, at_us=0)


class Hook:
    """A webhook that answers in turn; after that, 200. It can be shut, and then keeps who asks waiting."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.urls: list[str] = []
        self.texts: list[str] = []
        self.open, self.asked = threading.Event(), threading.Event()
        self.open.set()

    def __call__(self, url: str, document: Mapping[str, Any]) -> Answer:
        self.urls.append(url)
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
    assert set(hook.urls) == {URL}


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


HANGING = """
import asyncio, threading
from tollway.alerts.alert import Alert, Kind
from tollway.observe.webhook import Webhook

async def send():
    asked = threading.Event()
    def post(url, document):
        asked.set()
        threading.Event().wait()
    webhook = Webhook("https://hooks.example/", post)
    webhook.send(Alert(kind=Kind.LEVEL, text="one", at_us=0))
    await asyncio.to_thread(asked.wait)
    await webhook.stop(0)

asyncio.run(send())
print("ended")
"""


def test_a_process_ends_while_a_webhook_hangs() -> None:
    """Neither its event loop nor its interpreter waits for the attempt, which never ends here."""
    done = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=120, check=True
    )

    assert done.stdout == "ended\n"


async def test_what_fails_with_one_alert_does_not_keep_the_next_one_back() -> None:
    hook = Hook()
    failed = asyncio.Event()

    def post(url: str, document: Mapping[str, Any]) -> Answer:
        if document["text"] == "Tollway: bad":
            loop.call_soon_threadsafe(failed.set)
            raise TypeError("no JSON")
        return hook(url, document)

    loop = asyncio.get_running_loop()
    webhook = Webhook(URL, post)
    webhook.send(alert("bad"))
    await failed.wait()
    await webhook.stop(LONG)
    webhook.send(alert("good"))
    await webhook.stop(LONG)

    assert hook.texts == ["good"]


async def test_what_waits_goes_where_alerts_go_by_then() -> None:
    """As when the address was a wrong one, and is mended."""
    hook = Hook(Answer(status=503), Answer(status=503))
    pauses = 0

    async def sleep(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 2:
            webhook.lead("https://other.example")

    webhook = Webhook(URL, hook, sleep)
    webhook.send(alert("one"))
    webhook.send(alert("two"))
    await webhook.stop(LONG)

    assert hook.texts == ["one", "one", "one", "two"]
    assert hook.urls == [URL, URL, "https://other.example", "https://other.example"]


async def test_without_an_address_alerts_go_nowhere_and_none_waits() -> None:
    """What was in the middle of its attempts has none further."""
    hook = Hook(Answer(status=503))
    resting = asyncio.Event()

    async def sleep(seconds: float) -> None:
        resting.set()
        await asyncio.Event().wait()

    webhook = Webhook(URL, hook, sleep)
    webhook.send(alert("one"))
    webhook.send(alert("two"))
    await resting.wait()
    webhook.lead(None)
    webhook.send(alert("three"))
    await webhook.stop(LONG)
    webhook.lead(URL)
    webhook.send(alert("four"))
    await webhook.stop(LONG)

    assert hook.texts == ["one", "four"]


async def test_to_lead_what_never_sent_nowhere_is_nothing() -> None:
    webhook = Webhook(URL)

    webhook.lead(None)

    await webhook.stop(LONG)


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


async def test_many_of_a_kind_that_wait_are_one_with_a_list() -> None:
    """Others keep their place; a few are sent one by one."""
    hook = Hook()
    hook.open.clear()
    webhook = Webhook(URL, hook)

    webhook.send(alert("on its way"))
    await asyncio.to_thread(hook.asked.wait)
    webhook.send(Alert(kind=Kind.STORE, text="away", at_us=0))
    for number in range(FEW + 1):
        webhook.send(alert(f"a{number}"))
    hook.open.set()
    await webhook.stop(LONG)

    assert hook.texts == ["on its way", "away", "6 levels of limits were reached: a0; a1; a2; a3; a4; a5"]


async def test_the_end_counts_each_of_a_list(caplog: pytest.LogCaptureFixture) -> None:
    hook = Hook()
    hook.open.clear()
    webhook = Webhook(URL, hook)
    for number in range(FEW + 1):
        webhook.send(alert(f"a{number}"))
    await asyncio.to_thread(hook.asked.wait)

    await webhook.stop(0)
    hook.open.set()

    assert caplog.messages == ["6 alerts did not reach the webhook before the end"]


async def test_each_attempt_is_in_the_form_that_holds_by_then_and_signed_anew() -> None:
    signed: list[Mapping[str, str]] = []
    forms: list[Mapping[str, Any]] = []

    def post(url: str, document: Mapping[str, Any], sign: Any = None) -> Answer:
        forms.append(document)
        signed.append({} if sign is None else sign(b"body"))
        return Answer(status=503 if len(forms) == 1 else 200)

    async def sleep(seconds: float) -> None:
        webhook.lead(URL, lambda alert: {"other": alert.text}, lambda body: {"mark": body.decode()})

    webhook = Webhook(URL, post, sleep)
    webhook.send(alert("one"))
    await webhook.stop(LONG)

    assert [set(form) >= {"text"} for form in forms] == [True, False]
    assert forms[1] == {"other": "one"}
    assert signed == [{}, {"mark": "body"}]
