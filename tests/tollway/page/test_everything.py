"""The page of administrators."""

from msgspec.structs import replace

from tests.tollway.live.samples import CALLS, line, snapshot
from tests.tollway.page.test_html import HOSTILE, Read
from tollway.ledger.pages import Reason
from tollway.live.span import Span
from tollway.page.everything import everything
from tollway.page.html import written
from tollway.page.looks import Everything

REASONS = (Reason(error="access_denied", limits=(), calls=12_345),)
FOUND = Everything(snapshot=snapshot(), reasons=REASONS)


def test_all_figures_are_there() -> None:
    found = written(everything(FOUND))

    for said in (
        "<dt>Spent</dt><dd>$2</dd>",
        "<dt>At list price, covered by a plan</dt><dd>$0.02</dd>",
        "<dt>Refused by Tollway</dt><dd>12,345</dd>",
        "<dt>In flight</dt><dd>1</dd>",
        "<dt>In the last minute</dt><dd>$0.5, 4 calls</dd>",
        "<caption>Why calls had no answer, today</caption>",
        '<th scope="row">an access rule denies it</th>',
        "<h2>By user</h2>",
        '<th scope="row">team-day, team=ml, user=-</th><td>has refused a call</td>',
        "<td>has reached 80%</td>",
        "<td>bob</td>",
    ):
        assert said in found


def test_it_leads_to_other_spans() -> None:
    read = Read(written(everything(Everything(snapshot=snapshot(span=Span.WEEK), reasons=()))))

    links = [attributes for name, attributes in read.elements if name == "a"]
    assert [each["href"] for each in links] == [
        "/all?span=hour", "/all?span=today", "/all?span=7d", "/all?span=30d",
    ]  # fmt: skip
    assert [each["href"] for each in links if "aria-current" in each] == ["/all?span=7d"]


def test_what_has_no_room_is_counted() -> None:
    all_ = snapshot(calls=CALLS * 30, spent={"user": tuple(line(str(n)) for n in range(21))})

    found = written(everything(replace(FOUND, snapshot=all_)))

    assert "<caption>Latest calls: the first 100 of 150 or more</caption>" in found
    assert "<caption>What calls cost, by user: the first 20 of 21 or more</caption>" in found


def test_hostile_values_are_text() -> None:
    for text in HOSTILE:
        all_ = snapshot(spent={"user": (line(text),)})
        reasons = (Reason(error=text, limits=(text,), calls=1),)
        names = {
            name for name, _ in Read(written(everything(Everything(snapshot=all_, reasons=reasons)))).elements
        }
        assert not names & {"script", "img", "style"}
