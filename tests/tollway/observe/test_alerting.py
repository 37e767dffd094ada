"""Every alert goes into the log, and to the webhook if there is one."""

import logging
from collections.abc import Mapping
from typing import Any

import pytest

from tollway.alerts.alert import AT_ONCE, Alert, Kind
from tollway.alerts.form import Format
from tollway.alerts.grouped import grouped
from tollway.observe.alerting import WEIGHTS, Alerting
from tollway.observe.post import AddressError, Answer
from tollway.observe.webhook import Webhook
from tollway.policy.alerts import Alerts

URLS = {"ONE": "https://one.example/s3cret", "TWO": "https://two.example/s3cret"}
LONG = 60.0


class Hook:
    """Takes everything."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []

    def __call__(self, url: str, document: Mapping[str, Any]) -> Answer:
        self.got.append((url, document["text"]))
        return Answer(status=200)


def alert(kind: Kind = Kind.LEVEL) -> Alert:
    return Alert(kind=kind, text="a sentence", at_us=0)


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        (Kind.LEVEL, logging.WARNING),
        (Kind.REFUSED_FIRST, logging.WARNING),
        (Kind.BOUND_VIOLATED, logging.ERROR),
    ],
)
async def test_each_kind_is_told_in_the_log_in_its_own_words(
    kind: Kind, weight: int, caplog: pytest.LogCaptureFixture
) -> None:
    Alerting({})(alert(kind))

    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(weight, "a sentence")]


async def test_a_webhook_gets_what_comes_after_it_was_named(caplog: pytest.LogCaptureFixture) -> None:
    """The address is in no log."""
    hook = Hook()
    alerting = Alerting(URLS, Webhook(post=hook))

    alerting(alert())
    for said in ("env:ONE", "env:TWO", None):
        alerting.lead(said)
        alerting(alert())
        await alerting.stop(LONG)

    assert hook.got == [(URLS["ONE"], "Tollway: a sentence"), (URLS["TWO"], "Tollway: a sentence")]
    assert caplog.messages == ["a sentence"] * 4
    assert "s3cret" not in caplog.text


async def test_where_a_variable_has_no_address_alerts_go_where_they_went() -> None:
    hook = Hook()
    alerting = Alerting(URLS, Webhook(post=hook))
    alerting.lead("env:ONE")

    with pytest.raises(AddressError, match="the environment variable THREE has no URL"):
        alerting.lead("env:THREE")
    alerting(alert())
    await alerting.stop(LONG)

    assert [url for url, _ in hook.got] == [URLS["ONE"]]


async def test_a_policy_says_which_kinds_go_there_in_which_form() -> None:
    """The log has all of them."""
    got: list[Mapping[str, Any]] = []

    def post(url: str, document: Mapping[str, Any], sign: Any = None) -> Answer:
        got.append({**document, "signed": sign is not None})
        return Answer(status=200)

    alerting = Alerting(URLS | {"SECRET": "made-up secret of a webhook"}, Webhook(post=post))
    assert alerting.kinds == AT_ONCE
    alerting.follow(
        Alerts(webhook="env:ONE", format=Format.GENERIC, secret="env:SECRET", on=(Kind.STORE, Kind.LEVEL))
    )
    for kind in Kind:
        alerting(alert(kind))
    await alerting.stop(LONG)

    assert [(said["kind"], said["source"], said["signed"]) for said in got] == [
        ("level", "tollway", True), ("store", "tollway", True),
    ]  # fmt: skip


async def test_several_that_are_one_are_a_line_each_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    (both,) = grouped([alert(), alert()])

    Alerting({})(both)

    assert caplog.messages == ["a sentence"] * 2


def test_each_kind_has_its_weight() -> None:
    assert WEIGHTS.keys() == set(Kind)


@pytest.mark.parametrize("said", [{"webhook": "env:NONE"}, {"webhook": "env:ONE", "secret": "env:NONE"}])
async def test_where_a_variable_is_missing_nothing_has_changed(said: dict[str, Any]) -> None:
    hook = Hook()
    alerting = Alerting(URLS, Webhook(post=hook))
    alerting.follow(Alerts(webhook="env:TWO", on=(Kind.LEVEL,)))

    with pytest.raises(AddressError, match="NONE"):
        alerting.follow(Alerts(**said))
    alerting(alert())
    alerting(alert(Kind.FORECAST))
    await alerting.stop(LONG)

    assert hook.got == [(URLS["TWO"], "Tollway: a sentence")]
