"""What a caller is told of itself."""

import pytest

from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.identity.whoami import MAY_NOT_CALL, Whoami, text, whoami
from tollway.model import NOBODY, Identity

ANN = Identity(user="ann@example.com", team="search", source="proxy_jwt", verified=True)
BOT = Identity(
    service="ci", role="bot", groups=("a", "b"), network="10.0.0.0/8", source="networks", verified=True,
    attributes={"z": "1", "cost_center": "4711"},
)  # fmt: skip


def test_it_is_all_that_is_known_of_a_caller() -> None:
    given = Identity(
        user="ann", team="search", role="lead", service="ci", groups=("a", "b"), network="10.0.0.0/8",
        attributes={"cost_center": "4711"}, source="header_jwt", verified=True,
    )  # fmt: skip

    assert whoami(given, "10.0.0.7", refuses=True) == Whoami(
        known=True, identity="header_jwt", verified=True, user="ann", team="search", role="lead",
        service="ci", groups=("a", "b"), network="10.0.0.0/8", claims={"cost_center": "4711"},
        address="10.0.0.7", may_call=True,
    )  # fmt: skip


@pytest.mark.parametrize("refuses", [True, False])
def test_whom_nobody_knows_may_call_where_the_policy_allows_it(refuses: bool) -> None:
    who = whoami(NOBODY, "10.0.0.7", refuses)

    assert (who.known, who.may_call, who.message is None) == (False, not refuses, not refuses)


@pytest.mark.parametrize(
    ("identity", "lines"),
    [
        (ANN, ["ann@example.com, team search (proxy_jwt, verified)"]),
        (
            BOT,
            [
                "service ci, role bot (networks, verified)",
                "groups: a, b",
                "cost_center: 4711",
                "z: 1",
                "network: 10.0.0.0/8",
            ],
        ),
        (
            Identity(groups=UNKNOWN_GROUPS, source="hint"),
            [
                "a caller without a name (hint, not verified)",
                "groups: unknown, since there are more of them than the token can say",
            ],
        ),
    ],
    ids=["user", "service", "nameless"],
)
def test_people_read_who_they_are_first(identity: Identity, lines: list[str]) -> None:
    said = text(whoami(identity, "10.0.0.7", refuses=True))

    assert said.splitlines() == [*lines, "address: 10.0.0.7"]


@pytest.mark.parametrize(
    ("who", "first"),
    [
        (
            whoami(NOBODY, "10.0.0.7", refuses=False),
            "Tollway does not know who calls; those it does not know may call here",
        ),
        (
            whoami(NOBODY, "10.0.0.7", refuses=True),
            MAY_NOT_CALL,
        ),
        (
            Whoami(known=False, address="10.0.0.7", may_call=False),
            MAY_NOT_CALL,
        ),
    ],
    ids=["may call", "may not", "without words"],
)
def test_strangers_read_whether_they_may_call(who: Whoami, first: str) -> None:
    assert text(who).splitlines() == [first, "address: 10.0.0.7"]
