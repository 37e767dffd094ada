"""What guardrails have to say is said once an hour."""

from msgspec.structs import replace

from tollway.alerts.alert import Alert, Kind, document
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import UNSCANNED, Finding
from tollway.model import CallRecord
from tollway.noticing import AGAIN_US, REMEMBERED, Noticing

FOUND = Finding(kind="email", at="/messages/0/content", mark="m", do=Do.FLAG, by="mail")
CALL = CallRecord(id="c1", state="done", started_us=0, user="ann", findings=(FOUND,))


class Told:
    """Keeps alerts, and the time."""

    def __init__(self) -> None:
        self.alerts = list[Alert]()
        self.now_us = 10**15
        self.notice = Noticing(self.alerts.append, lambda: self.now_us)

    def see(self, *findings: Finding, user: str = "ann") -> list[str]:
        """What is told of a call in which these were found."""
        self.alerts.clear()
        self.notice(replace(CALL, findings=findings, user=user))
        return [alert.text for alert in self.alerts]


def test_what_is_found_is_an_alert() -> None:
    told = Told()

    assert told.see(FOUND) == [
        "email in a request of ann at /messages/0/content: the guardrail mail flags it (call c1)"
    ]
    (alert,) = told.alerts
    assert alert.kind is Kind.FOUND
    said = document(alert)
    assert {said[name] for name in ("guardrail", "found", "done", "in", "hash", "call", "user")} == {
        "mail", "email", "flag", "request", "m", "c1", "ann",
    }  # fmt: skip


def test_each_is_told_once_an_hour() -> None:
    """By guardrail, kind, what was done, and who calls; not by value."""
    told = Told()
    told.see(FOUND)

    assert told.see(FOUND, replace(FOUND, mark="another")) == []
    assert len(told.see(FOUND, user="bob")) == 1
    assert len(told.see(replace(FOUND, do=Do.BLOCK))) == 1
    told.now_us += AGAIN_US
    assert len(told.see(FOUND)) == 1


def test_a_clock_that_is_set_back_keeps_nothing_from_being_told() -> None:
    """By a day: what was told then is no news of an hour ago."""
    told = Told()
    told.see(FOUND)
    told.now_us -= 24 * AGAIN_US

    assert len(told.see(FOUND)) == 1
    assert told.see(FOUND) == []


def test_shadows_and_pictures_are_no_news() -> None:
    assert Told().see(replace(FOUND, shadow=True), replace(FOUND, kind=UNSCANNED)) == []


def test_it_says_what_was_done() -> None:
    told = Told()

    assert "the guardrail mail blocked it" in told.see(replace(FOUND, do=Do.BLOCK))[0]
    assert "the guardrail mail took it out" in told.see(replace(FOUND, do=Do.REDACT, at=""))[0]


def test_of_very_many_callers_all_are_forgotten_at_once() -> None:
    told = Told()
    told.see(FOUND)
    for number in range(REMEMBERED):
        told.notice(replace(CALL, user=f"user {number}"))

    assert len(told.see(FOUND)) == 1
