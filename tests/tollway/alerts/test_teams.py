from typing import Any

import orjson

from tests.tollway.alerts.test_grouped import alert
from tollway.alerts.alert import Alert, Kind
from tollway.alerts.grouped import grouped
from tollway.alerts.teams import LONGEST, SHOWN, facts, teams


def lines(said: dict[str, Any]) -> list[str]:
    """The texts of the card."""
    (attachment,) = said["attachments"]
    return [run["text"] for block in attachment["content"]["body"] for run in block["inlines"]]


def test_it_is_a_message_with_an_adaptive_card() -> None:
    """As the trigger "When a Teams webhook request is received" takes it."""
    said = teams(alert("one"))
    (attachment,) = said["attachments"]
    card = attachment["content"]

    assert said["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}


def test_one_has_its_sentence_and_its_fields() -> None:
    one = Alert(
        kind=Kind.LEVEL, text="a [link](x) of <at>all</at>", at_us=0, fields={"level": 80, "until": None}
    )

    assert lines(teams(one)) == ["Tollway: a [link](x) of <at>all</at>", "level: 80"]


def test_several_are_a_list() -> None:
    (both,) = grouped([alert("one"), alert("two")])

    assert lines(teams(both)) == ["Tollway: 2 limits will be exceeded at this pace", "one", "two"]


def test_a_message_is_never_longer_than_teams_takes_it() -> None:
    (all_,) = grouped([alert("x" * 5_000) for _ in range(500)])

    found = lines(teams(all_))

    assert found[-1] == f"and {500 - SHOWN} more"
    assert max(map(len, found)) == LONGEST
    assert len(orjson.dumps(teams(all_))) < 28_000


def test_facts_are_lines_without_what_is_not_known() -> None:
    said = {
        "bucket": {"team": "blue", "user": "ann"},
        "amount": "3000",
        "from": None,
        "found": "",
        "settled": 0,
    }

    assert facts(said) == ["bucket: team blue, user ann", "amount: 3000", "settled: 0"]


def test_a_fact_is_one_line_whatever_a_caller_chose() -> None:
    said = {"bucket": {"model": "gpt\namount: 0\u202e"}, "user": "x" * 900}

    first, second = facts(said)

    assert first == "bucket: model gpt?amount: 0?"
    assert len(second) < 300
