"""What is said of the proxy, and of whom it takes the client for."""

from typing import Any

import pytest

from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.proxy import Contact, Silence, address, judge, why_not
from tollway.diagnosis.variables import Named
from tollway.identity.whoami import Untold, Whoami

ANN = Whoami(known=True, identity="proxy_jwt", verified=True, user="ann", address="127.0.0.1", may_call=True)
STRANGER = Whoami(known=False, address="127.0.0.1", may_call=False, message="ask who runs it")
LOST = "the proxy can't be reached"
CLOSED = "the proxy does not let this client through"
NO_ANSWER = "the proxy did not answer"
NO_TOLLWAY = "the proxy is no Tollway that answers"
WELL, WRONG, LEFT = Verdict.WELL, Verdict.WRONG, Verdict.NOT_CHECKED


def named(**facts: Any) -> Named:
    """A proxy."""
    return Named(**{"source": "HTTPS_PROXY", "place": "proxy.example:8080", **facts})


def verdicts(findings: list[Finding]) -> list[tuple[str, Verdict]]:
    """Of each its subject and verdict."""
    return [(each.subject, each.verdict) for each in findings]


@pytest.mark.parametrize(
    ("contact", "proxy", "identity", "why"),
    [
        (Contact(answer=ANN), WELL, WELL, None),
        (Contact(answer=STRANGER), WELL, WRONG, None),
        (Contact(unreachable="Connection refused"), WRONG, LEFT, LOST),
        (
            Contact(answer=Silence(Untold.UNREACHABLE, "p can't be reached: x")),
            WRONG,
            LEFT,
            LOST,
        ),
        (
            Contact(answer=Silence(Untold.REFUSED, "p refuses")),
            WELL,
            WRONG,
            CLOSED,
        ),
        (
            Contact(answer=Silence(Untold.UNSURE, "p can't say")),
            WELL,
            WRONG,
            CLOSED,
        ),
        (
            Contact(answer=Silence(Untold.LATE, "p is late")),
            WRONG,
            LEFT,
            NO_ANSWER,
        ),
        (
            Contact(answer=Silence(Untold.FOREIGN, "p is no Tollway")),
            WRONG,
            LEFT,
            NO_TOLLWAY,
        ),
    ],
    ids=["known", "stranger", "nobody", "lost", "refused", "unsure", "late", "foreign"],
)
def test_each_end_of_the_question_has_its_verdicts(
    contact: Contact, proxy: Verdict, identity: Verdict, why: str | None
) -> None:
    findings = list(judge(named(), contact))

    assert verdicts(findings) == [("proxy", proxy), ("identity", identity)]
    assert all((each.remedy is not None) == (each.verdict is WRONG) for each in findings)
    assert why is None or why_not(contact) == why


def test_who_one_is_stands_in_the_reason() -> None:
    _, known = judge(named(), Contact(answer=ANN))

    assert known.reason == "ann (proxy_jwt, verified)"


def test_what_was_not_asked_is_not_judged() -> None:
    assert list(judge(named(), Contact())) == []


@pytest.mark.parametrize(
    ("facts", "untrusted", "remedy"),
    [
        ({"local": True, "place": "127.0.0.1:1"}, False, "start it: tollway serve --listen 127.0.0.1:1"),
        ({}, False, "check host and port in HTTPS_PROXY; ask who runs it whether it is up and open to you"),
        ({"secure": True}, True, "have SSL_CERT_FILE name the root of the proxy's own certificate"),
    ],
    ids=["here", "elsewhere", "certificate"],
)
def test_what_mends_a_proxy_that_is_not_there(facts: dict[str, Any], untrusted: bool, remedy: str) -> None:
    finding, _ = judge(named(**facts), Contact(unreachable="no", untrusted=untrusted))

    assert finding.remedy == remedy
    assert finding.reason == f"{named(**facts).place} can't be reached: no"


@pytest.mark.parametrize(
    ("facts", "remedy"),
    [
        ({}, "show it a token: export HTTPS_PROXY=http://jwt:TOKEN@proxy.example:8080"),
        ({"secure": True}, "show it a token: export HTTPS_PROXY=https://jwt:TOKEN@proxy.example:8080"),
        ({"logs_in": True}, "get a token that the policy's `identity` takes; ask who runs the proxy"),
    ],
)
def test_who_shows_no_token_is_told_how(facts: dict[str, Any], remedy: str) -> None:
    _, finding = judge(named(**facts), Contact(answer=STRANGER))

    assert finding.remedy == remedy


def test_a_proxy_lets_through_whom_it_answers() -> None:
    assert Contact(answer=STRANGER).lets_through
    assert not Contact(answer=Silence(Untold.FOREIGN, "")).lets_through
    assert address(named(secure=True)) == "https://proxy.example:8080"
