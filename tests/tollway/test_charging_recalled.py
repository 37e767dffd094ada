"""Answers that another process asked for, shown to this one: `test_charging` has those of one process."""

from msgspec.structs import replace

from tests.tollway.charged import END, answered, books, call
from tests.tollway.test_charging import RESPONSE, closed
from tollway.charging import Charging
from tollway.exchange import Exchange
from tollway.model import AWAITED, RETRIEVE, CallRecord, Cost

NAME = "openai resp_1"
ROW = CallRecord(
    id="other",
    state="open",
    started_us=END - 9_000_000,
    provider="openai",
    host="api.openai.com",
    operation="chat",
    model_asked="gpt-4o",
    cost=Cost(other_nano=900_000, flags=(AWAITED,)),
)


def shown(**answer: object) -> Exchange:
    """A call that shows it."""
    return answered(call({}, "openai_responses", operation=RETRIEVE), {**RESPONSE, **answer})


def test_of_what_is_not_remembered_somebody_is_to_be_asked() -> None:
    accounts = books()

    assert accounts.asks_for(shown()) == NAME
    assert accounts.asks_for(shown(usage=None)) is None
    assert accounts.asks_for(answered(call({"model": "gpt-4o"}, "openai_responses"), RESPONSE)) is None
    assert accounts.asks_for(call({}, "openai_responses", operation=RETRIEVE)) is None
    closed(shown(), by=accounts)
    assert accounts.asks_for(shown()) is None


def after(accounts: Charging, row: CallRecord) -> tuple[CallRecord, list[CallRecord]]:
    """The row of who looks, and those that end with it, once it is known who asked."""
    accounts.recall(NAME, row)
    return closed(shown(), by=accounts), accounts.late()


def test_the_row_of_who_asked_ends_with_it() -> None:
    """Now: its process is not here to have ended it."""
    looked, (late,) = after(books(), ROW)

    assert looked.cost.nano == 0
    assert (late.id, late.state, late.ended_us, late.cost.nano) == ("other", "done", END, 350_000)


def test_what_was_billed_elsewhere_is_billed_no_more() -> None:
    looked, late = after(books(), replace(ROW, state="done", cost=Cost(other_nano=350_000)))

    assert (looked.cost.nano, late) == (0, [])


def test_what_was_remembered_meanwhile_stays() -> None:
    accounts = books()
    accounts.recall(NAME, replace(ROW, id="first"))
    _, (late,) = after(accounts, ROW)

    assert late.id == "first"
