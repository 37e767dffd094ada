"""How a call that a guardrail blocks is told so."""

from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import UNSCANNED, Finding, Verdict
from tollway.wire.blocked import blocked, unread


def finding(kind: str, at: str = "", times: int = 1, do: Do = Do.BLOCK, shadow: bool = False) -> Finding:
    return Finding(kind=kind, at=at, times=times, mark="m", do=do, by="no-keys", shadow=shadow)


def test_it_names_kinds_and_places() -> None:
    said = blocked(Verdict(Do.BLOCK, (finding("github_token", "/messages/3/content", 2), finding("card"))))

    assert said == (
        "Tollway: the guardrail no-keys blocks this request. It has github_token at /messages/3/content "
        "(2 times); card. Take it out."
    )


def test_it_names_what_blocks_alone() -> None:
    said = blocked(
        Verdict(Do.BLOCK, (finding(UNSCANNED), finding("email", do=Do.FLAG), finding("card", shadow=True)))
    )

    assert "It has a file that can't be looked into. Take" in said


def test_of_many_it_names_some() -> None:
    said = blocked(Verdict(Do.BLOCK, tuple(finding("card", f"/{n}") for n in range(7))))

    assert said.endswith("card at /4; and 2 more. Take it out.")


def test_it_says_where_a_request_may_not_be_changed() -> None:
    said = blocked(Verdict(Do.BLOCK, (finding("card"),)), may_change=False)

    assert "blocks this request, and a request of this kind can't be changed. It has card." in said


def test_it_says_which_fault_would_let_it_pass() -> None:
    assert unread("keys", is_batch=False).endswith(
        "the guardrail keys can't look through it (faults: unknown_call)"
    )
    assert unread("keys", is_batch=True).startswith("Tollway: nothing here reads a batch, so")
