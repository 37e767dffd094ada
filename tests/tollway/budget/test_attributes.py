"""What limits may match, from a row alone."""

from tollway.budget.attributes import CHOSEN_BY_CLIENTS, NAMES, attributes
from tollway.model import CallRecord


def test_a_row_tells_every_attribute() -> None:
    call = CallRecord(
        id="c", state="open", started_us=1, user="ann", team="a", role="r", groups=("g", "h"), service="s",
        provider="openai", model="gpt-5", operation="chat", program="codex", session="x",
        network="10.0.0.0/8", tags={"env": "ci"},
    )  # fmt: skip

    assert attributes(call) == {
        "user": "ann",
        "team": "a",
        "role": "r",
        "group": ("g", "h"),
        "service": "s",
        "provider": "openai",
        "model": "gpt-5",
        "operation": "chat",
        "program": "codex",
        "session": "x",
        "network": "10.0.0.0/8",
        "tag.env": "ci",
    }


def test_what_a_call_lacks_is_none() -> None:
    assert attributes(CallRecord(id="c", state="open", started_us=1)) == dict.fromkeys(NAMES)


def test_what_clients_choose_is_known_by_its_name() -> None:
    assert set(NAMES) > CHOSEN_BY_CLIENTS
