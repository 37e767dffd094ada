"""What limits may match, from a row alone."""

from msgspec.structs import replace

from tollway.budget.attributes import CHOSEN_BY_CLIENTS, NAMES, attributes, vouched
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


def test_who_calls_is_absent_where_nobody_vouches_for_it() -> None:
    call = CallRecord(id="c", state="open", started_us=1, user="ann", team="a", groups=("g",), model="gpt-5")

    assert vouched(call) == {**dict.fromkeys(NAMES), "model": "gpt-5"}
    assert vouched(replace(call, verified=True)) == attributes(replace(call, verified=True))
