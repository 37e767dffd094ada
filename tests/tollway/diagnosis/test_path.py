"""A client's path to the providers, from its variables on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tollway.diagnosis.certificates import Expected, Presented
from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.path import NO_DATE, NO_PROXY, RUNTIMES, Path, Visit, judge
from tollway.diagnosis.provider import Answered
from tollway.diagnosis.proxy import CLOSED, NO_TOLLWAY, Contact, Silence
from tollway.diagnosis.trust import Outcome, View
from tollway.diagnosis.variables import OPTION, Named
from tollway.identity.whoami import Untold, Whoami

NOW = datetime(2026, 11, 29, tzinfo=UTC)
NAMED = Named(source="HTTPS_PROXY", place="proxy.example:8080")
ANN = Contact(answer=Whoami(known=True, user="ann", address="::1", may_call=True))
STRANGE = Contact(answer=Silence(Untold.FOREIGN, "it is no Tollway"))
OWN = Expected(authority="aaaaaaaa", file="/d/tollway-ca.pem", chosen=False)
BEYOND = ["certificates", RUNTIMES, "providers", "clock"]


def visit(host: str = "a.example", failure: str | None = None, **more: Any) -> Visit:
    """One that came to something, unless it failed."""
    shown = Presented(
        host=host, authority="aaaaaaaa", begins=NOW, ends=NOW + timedelta(days=1), failure=failure
    )
    answered = Answered(host=host, status=None if failure else 421, failure=failure)
    return Visit(presented=shown, answered=answered, **more)


def found(**facts: Any) -> list[Finding]:
    """All that is said."""
    return list(judge(Path(**{"named": NAMED, **facts}), NOW))


def left(findings: list[Finding]) -> dict[str, str]:
    """What was not checked, and why."""
    return {each.subject: each.reason for each in findings if each.verdict is Verdict.NOT_CHECKED}


def test_each_station_has_its_finding() -> None:
    views = (View(runtime="curl", outcome=Outcome.ACCEPTED), View(runtime="git", outcome=Outcome.ACCEPTED))

    findings = found(contact=ANN, views=views, visits=(visit(), visit("b.example", skew=1.0)))

    assert [each.subject for each in findings] == [
        "proxy variables", "proxy", "identity", "certificates", "curl", "git", "providers", "clock",
    ]  # fmt: skip
    assert {each.verdict for each in findings} == {Verdict.WELL}
    assert findings[-1].reason == "within a minute of b.example's"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"named": Named(source="HTTPS_PROXY")}, NO_PROXY),
        ({"contact": Contact(unreachable="no")}, "the proxy can't be reached"),
        ({"contact": Contact(answer=Silence(Untold.REFUSED, "no")), "visits": (visit(),)}, CLOSED),
        ({"contact": ANN, "visits": (visit(failure="407", wants_login=True),)}, CLOSED),
        ({"contact": STRANGE, "visits": (visit(failure="403"),)}, NO_TOLLWAY),
    ],
    ids=["none", "unreachable", "refused", "wants a log-in", "no tunnel"],
)
def test_what_lies_behind_what_stops_it_is_not_checked(facts: dict[str, Any], why: str) -> None:
    findings = found(**facts)

    assert [each.subject for each in findings[-4:]] == BEYOND
    assert [each.reason for each in findings[-4:]] == [why] * 4
    assert sum(each.verdict is Verdict.WRONG for each in findings) == (facts.get("contact") is not ANN)


def test_a_proxy_that_tunnels_and_is_no_tollway_is_gone_through_but_not_by_runtimes() -> None:
    findings = found(contact=STRANGE, visits=(visit(),))

    assert left(findings) == {"identity": NO_TOLLWAY, RUNTIMES: NO_TOLLWAY, "clock": NO_DATE}


def test_a_tollway_that_opens_no_tunnel_has_that_for_a_finding() -> None:
    findings = found(contact=ANN, visits=(visit(failure="502"),))

    assert {each.subject for each in findings if each.verdict is Verdict.WRONG} == {
        "certificates",
        "providers",
    }


@pytest.mark.parametrize(
    ("named", "expected", "remedy"),
    [
        (NAMED, OWN, 'eval "$(tollway env --proxy "$HTTPS_PROXY")"'),
        (Named(source="https_proxy", place="p:1"), OWN, 'eval "$(tollway env --proxy "$https_proxy")"'),
        (Named(source=OPTION, place="p:1"), OWN, 'eval "$(tollway env --proxy http://p:1)"'),
        (Named(source="HTTPS_PROXY", place="127.0.0.1:8080"), OWN, 'eval "$(tollway env)"'),
        (
            NAMED,
            Expected(authority="aaaaaaaa", file="o.pem", chosen=True),
            'eval "$(tollway env --proxy "$HTTPS_PROXY" --ca o.pem)"',
        ),
        (
            NAMED,
            Expected(authority="bbbbbbbb", file="o.pem", chosen=False),
            'eval "$(tollway env --proxy "$HTTPS_PROXY" --ca tollway-ca.pem)", with ca/tollway-ca.pem of the '
            "data folder of the proxy's machine",
        ),
        (
            NAMED,
            None,
            'eval "$(tollway env --proxy "$HTTPS_PROXY" --ca tollway-ca.pem)", with ca/tollway-ca.pem of the '
            "data folder of the proxy's machine",
        ),
    ],
    ids=["variable", "lower", "option", "default", "chosen", "another", "none"],
)
def test_the_command_that_mends_trust_fits_the_proxy(
    named: Named, expected: Expected | None, remedy: str
) -> None:
    view = View(runtime="curl", outcome=Outcome.REFUSED, said="no")

    findings = found(named=named, contact=ANN, expected=expected, views=(view,), visits=(visit(),))

    assert next(each for each in findings if each.subject == "curl").remedy == remedy
