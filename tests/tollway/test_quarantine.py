"""Calls of which one cost more than its bound."""

from tollway.ledger.store import Quarantined
from tollway.quarantine import Quarantine

KIND = ("openai", "gpt-5", "openai_chat text")


def test_calls_of_the_kind_are_refused_and_no_others() -> None:
    quarantine = Quarantine()

    found = quarantine.add(*KIND)

    assert quarantine.has(*KIND) == found.alert
    assert quarantine.has("openai", "gpt-5", "openai_chat text+tools") is None
    assert quarantine.has("openai", None, "openai_chat text") is None
    assert quarantine.has("azure", "gpt-5", "openai_chat text") is None


def test_an_alert_is_known_by_the_kind_of_calls() -> None:
    """So that whoever accepts it does so for all processes, and once."""
    assert Quarantine().add(*KIND) == Quarantine().add(*KIND)
    assert Quarantine().add(*KIND).alert != Quarantine().add("openai", None, KIND[2]).alert


def test_what_is_accepted_is_let_through_for_as_long_as_the_policy_says_so() -> None:
    quarantine = Quarantine()
    alert = quarantine.add(*KIND).alert

    quarantine.accept([alert])
    assert quarantine.has(*KIND) is None

    quarantine.accept([])
    assert quarantine.has(*KIND) == alert


def test_what_other_processes_found_counts() -> None:
    quarantine = Quarantine()

    quarantine.learn([Quarantined(alert="bound-1", provider=KIND[0], model=KIND[1], shape=KIND[2])])

    assert quarantine.has(*KIND) == "bound-1"
