"""What guardrails did, as lines."""

import pytest
from rich.text import Text

from tollway.demo.calling import Answer
from tollway.demo.guardrails import lines
from tollway.demo.guardrails.stops import agent, asking

MASK = "REDACTED_EMAIL_k3v7q2mfa6zd"


def test_what_is_sent_is_shown_without_the_secret() -> None:
    """Of an agent, what its tool has read."""
    assert lines.sends(agent("made up"), "made up").plain == (
        "  sends     PORT=8080\n            STRIPE_SECRET_KEY=..."
    )


def test_what_is_sent_is_broken_into_lines_that_fit() -> None:
    shown = lines.sends(asking("nora@kestrel-optics.net", "4929 4157 4963 6205")).plain

    assert " ".join(shown.split()).startswith("sends Nora (nora@kestrel-optics.net) paid with 4929 4157")
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(("reached", "said"), [(0, "got 0 calls"), (1, "got 1 call"), (2, "got 2 calls")])
def test_a_refusal_is_shown_as_it_came_and_that_nothing_left(reached: int, said: str) -> None:
    status, body, count = lines.blocked(Answer(400, {"x-should-retry": "false"}, '{"no": 1}'), reached)

    assert status.plain == "  blocked   status 400, x-should-retry: false"
    assert body.plain == '    {"no": 1}'
    assert count.plain == f"  provider  {said}"


def test_placeholders_stand_out_in_what_the_provider_got() -> None:
    got, rest = lines.redacted(f"Nora ({MASK}) paid.", 1_221)

    assert got.plain == f"  redacted  Nora ({MASK}) paid."
    assert MASK in shown_of(got)
    assert rest.plain.endswith("is what the provider got; all else of 1,221 bytes is as it was")
    assert len(rest.plain) <= 80


def shown_of(text: Text) -> set[str]:
    """What stands out in a line."""
    return {text.plain[span.start : span.end] for span in text.spans}


def test_events_are_quoted_one_by_one() -> None:
    """So that one sees where they are cut; what is back stands out."""
    assert lines.answered(["It ", "is\n"]).plain == '  answer    "It " "is\\n"'
    assert lines.streamed(["To RE", "DACTED"]).plain == '  streamed  "To RE" "DACTED"'
    back = lines.restored(["To ", "nora@there.net: it"], ["nora@there.net", "4929"])
    assert back.plain == '  restored  "To " "nora@there.net: it"'
    assert "nora@there.net" in shown_of(back)


def test_the_next_turn_says_how_much_is_as_it_was() -> None:
    shown = " ".join(lines.again(1_219).plain.split())

    assert shown.startswith("redacted the same placeholders: the provider got the first turn's 1,219 bytes")


def test_a_flag_says_that_the_call_goes_on() -> None:
    assert lines.flagged().plain.startswith("  flagged   goes on as it is: ")


def test_of_a_calls_facts_those_of_the_tour_are_shown() -> None:
    """In the columns of `tollway show`."""
    facts = [("call", "06"), ("bytes", "9 sent"), ("found", "password in the request: " + "f" * 50)]

    assert [line.plain for line in lines.kept(facts)] == [
        "      call  06",
        "     found  password in the request:\n" + " " * 12 + "f" * 50,
        "       ...  what it used and cost, how long it took",
    ]
