"""A caller's own pages."""

from typing import Any

from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN, CALLS, line
from tests.tollway.page.test_html import HOSTILE, Read
from tests.tollway.reporting.budget_samples import ROWS
from tollway.identity.whoami import MAY_NOT_CALL, Whoami
from tollway.ledger.pages import Reason
from tollway.page.html import written
from tollway.page.looks import LATEST, Mine
from tollway.page.mine import budgets, calls, first, identity
from tollway.reporting.budgets import standing

ANN = Whoami(
    known=True, identity="proxy_jwt", verified=True, user="ann", service="ci", team="search", role="lead",
    groups=("a", "b"), network="10.0.0.0/8", claims={"cost_center": "4711"}, address="10.0.0.7",
    may_call=True,
)  # fmt: skip
MINE = Mine(
    now_us=NOON_US,
    zone=BERLIN,
    total=line(cost_nano=1_234_567_891, calls=7),
    spent={"model": (line("claude-sonnet-4-5"),), "program": (line("claude-cli"),)},
    calls=CALLS,
    reasons=(Reason(error="over_limit", limits=("day",), calls=2), Reason(error="cut", limits=(), calls=1)),
    standings=tuple(standing(row, NOON_US) for row in ROWS),
    orphaned=frozenset(),
)


def names(who: Whoami) -> dict[str, str]:
    """What is said of a caller."""
    words = Read(identity(who).text.replace("<dt>", "\n<dt>").replace("<dd>", "\t<dd>")).text
    return dict(each.split("\t") for each in words.strip().split("\n"))


def test_who_i_am_is_all_that_is_known() -> None:
    assert names(ANN) == {
        "User": "ann", "Service": "ci", "Team": "search", "Role": "lead", "Groups": "a, b",
        "cost_center": "4711", "Network": "10.0.0.0/8", "Address": "10.0.0.7",
        "Known by": "proxy_jwt, verified",
    }  # fmt: skip


def test_too_many_groups_and_hints_are_said_to_be_so() -> None:
    said = names(replace(ANN, groups=None, verified=False))

    assert said["Groups"].startswith("unknown")
    assert said["Known by"] == "proxy_jwt, not verified"


def test_a_stranger_hears_that_it_is_one() -> None:
    stranger = Whoami(known=False, address="10.0.0.7", may_call=True)

    assert names(stranger)["You are"].startswith("nobody whom Tollway knows")
    refused = names(replace(stranger, may_call=False, message=MAY_NOT_CALL))
    assert refused == {"Note": MAY_NOT_CALL, "Address": "10.0.0.7"}


def test_the_first_page_has_all_in_short() -> None:
    found = written(first(ANN, replace(MINE, calls=CALLS * 3, total=line(cost_nano=9, calls=1_500))))

    assert "<dd>$0.000000009</dd>" in found
    assert "<dt>Refused by Tollway</dt><dd>2</dd>" in found
    assert found.count('scope="row"') == 10 + len(ROWS)
    assert '<a href="/calls">All 1,500 calls</a>' in found
    assert "/budgets" not in found


def test_few_calls_need_no_other_page() -> None:
    assert "/calls" not in written(first(ANN, MINE))


def test_the_page_of_calls_has_them_all_and_their_sums() -> None:
    found = written(calls(MINE))

    assert "<dd>$1.234567891</dd>" in found
    assert "<h2>By model</h2>" in found
    assert "<h2>By program</h2>" in found
    assert "Why calls of yours had no answer today" in found
    assert "<caption>Your calls today, latest first</caption>" in found


def test_more_calls_than_are_shown_are_counted() -> None:
    many = replace(MINE, total=line(calls=LATEST + 1))

    assert f"<caption>The latest {LATEST} of your 501 calls today</caption>" in written(calls(many))


def test_the_page_of_budgets_has_them_all() -> None:
    found = written(budgets(replace(MINE, standings=MINE.standings * 5)))

    assert found.count('<th scope="row">') == 5 * len(ROWS)
    assert "shared" in found


def test_hostile_names_are_text() -> None:
    """A user's, a claim's, a limit's bucket's."""
    for text in HOSTILE:
        fields: dict[str, Any] = {name: text for name in ("user", "service", "team", "role", "network")}
        found = identity(replace(ANN, groups=(text,), claims={text: text}, **fields))
        assert {name for name, _ in Read(found.text).elements} == {"dl", "dt", "dd"}
