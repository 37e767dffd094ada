"""What a policy says and can't be meant to: it holds as it is written, and `tollway check` warns of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tollway.budget.amounts import Unit
from tollway.budget.attributes import CHOSEN_BY_CLIENTS
from tollway.budget.bucket import Enforce
from tollway.policy.action import written
from tollway.policy.alerts import VARIABLE, Alerts
from tollway.policy.document import Way
from tollway.policy.entry import LimitEntry
from tollway.policy.limit import Block, Clamp, Route, Wait
from tollway.policy.pattern import is_foreign

Doubt = tuple[Way, str]
"""A value of the policy, and why it can't be meant."""

LONG_WAIT_US = 300 * 1_000_000
"""Clients give up after some minutes."""
LEVEL_OF_ALL = 100
ADDED = 2_048
"""The constant of the bound table's dialects that answer in words."""
PLAIN_WORDS = frozenset({"provider", "model", "operation", "program"})
"""Attributes whose values have nothing but letters, digits and simple marks in them."""


def doubts(entry: LimitEntry, said: Mapping[str, Any], today: date) -> Iterator[Doubt]:
    """The doubts about one limit; ways are from its own place on. `said`: the entry as YAML has it."""
    yield from _foreign(entry)
    if entry.enforce is Enforce.HARD:
        yield from _chosen_by_clients(entry, said)
        yield from _beyond_all(said)
        yield from _too_little(entry)
    for i, each in enumerate(entry.raises):
        if each.until < today:
            yield ("raises", i, "until"), f"this raise has ended: it was in force to the end of {each.until}"
    if "then" in said:
        yield from _never_done(entry, said["then"])
    yield from _without_effect(entry)


def open_secrets(alerts: Alerts) -> Iterator[Doubt]:
    """An address that stands in the policy itself, and what is said of a webhook that is not there; ways are
    from the policy's own place on."""
    if alerts.webhook is not None and not alerts.webhook.startswith(VARIABLE):
        why = "whoever reads this file can write there: name a variable that holds it, env:TOLLWAY_ALERT_URL"
        yield ("alerts", "webhook"), why
    if alerts.webhook is None:
        for name in ("format", "secret"):
            if name in alerts.model_fields_set:
                yield ("alerts", name), "there is no webhook that it is about: nothing is sent"


def _foreign(entry: LimitEntry) -> Iterator[Doubt]:
    for name in PLAIN_WORDS & entry.match.keys():
        for text in filter(is_foreign, entry.match[name].values):
            yield ("match", name), f"in {text!r}, * and ? alone are wild: all else is meant as it is written"


def _chosen_by_clients(entry: LimitEntry, said: Mapping[str, Any]) -> Iterator[Doubt]:
    for name in entry.match:
        if is_chosen(name):
            why = f"clients choose their {name}: one that says another is not held by this hard limit"
            yield ("match", name), why
    for i, name in enumerate(entry.per):
        if is_chosen(name):
            why = f"clients choose their {name}: one that says another has another bucket of this hard limit"
            yield ("per",) if isinstance(said["per"], str) else ("per", i), why


def is_chosen(name: str) -> bool:
    """Whether clients say of themselves what an attribute is."""
    return name in CHOSEN_BY_CLIENTS or name.startswith("tag.")


def _beyond_all(said: Mapping[str, Any]) -> Iterator[Doubt]:
    for i, text in enumerate(said.get("alerts", ())):
        if int(text.removesuffix("%")) > LEVEL_OF_ALL:
            yield ("alerts", i), f"a hard limit is never spent to {text}: this alert is not sent"


def _too_little(entry: LimitEntry) -> Iterator[Doubt]:
    if entry.amount.unit not in (Unit.INPUT, Unit.TOKENS) or "operation" in entry.match:
        return
    if entry.amount.number < ADDED and not entry.raises:
        why = f"the bound of a call begins at {ADDED} tokens of input, which its provider may add: none fits"
        yield ("amount",), why


def _never_done(entry: LimitEntry, said: Sequence[Any]) -> Iterator[Doubt]:
    """Actions that are written, and that never happen or never help."""
    if entry.enforce is Enforce.SHADOW:
        yield ("then",), "a shadow limit only reports: nothing of this is ever done"
        return
    if len(said) > (end := len(entry.then)):
        yield ("then", end), "block refuses the call: nothing that follows it is ever done"
    for i, action in enumerate(entry.then[:-1]):
        if (why := _no_help(entry, action)) is not None:
            yield ("then", i), why


def _no_help(entry: LimitEntry, action: Clamp | Wait | Route | Block) -> str | None:
    """Why an action does nothing for a call that the limit refuses."""
    soft = entry.enforce is Enforce.SOFT
    match action:
        case Clamp() if soft:
            return "a soft limit that has any room admits every call: a smaller one is not admitted sooner"
        case Clamp() if entry.amount.unit in (Unit.REQUESTS, Unit.INPUT):
            return f"a clamp lowers the output: of {_unit(entry)} the call takes as many as before"
        case Wait(us=us) if us > LONG_WAIT_US:
            return f"most clients give up sooner: {written(action)} is longer than 5 minutes"
        case Route() if not {"model", "provider"} & {*entry.match, *entry.per}:
            if soft or entry.amount.unit is Unit.REQUESTS:
                return "the limit is for every model: wherever the call goes, it meets this limit as full"
    return None


def _without_effect(entry: LimitEntry) -> Iterator[Doubt]:
    if entry.notional and entry.amount.unit is not Unit.USD:
        yield ("notional",), f"calls under a flat plan count in {_unit(entry)} in any case"
    if entry.at and entry.enforce is Enforce.SHADOW:
        yield ("at",), "a shadow limit only reports: no call is moved by it"
    if entry.floor is not None and Clamp() not in entry.then:
        yield ("floor",), "nothing is clamped: `then` has no clamp"


def _unit(entry: LimitEntry) -> str:
    return entry.amount.unit.replace("_", " ")
