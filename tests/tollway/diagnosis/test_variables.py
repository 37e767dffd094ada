"""What is said of the proxy variables."""

from typing import Any

import pytest

from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.variables import Named, judge

PLACE = {"source": "HTTPS_PROXY", "place": "proxy.example:8080"}


def found(**facts: Any) -> list[Finding]:
    """All that is said."""
    return list(judge(Named(**{"source": "HTTPS_PROXY", **facts})))


@pytest.mark.parametrize(
    ("facts", "verdict", "reason"),
    [
        (PLACE, Verdict.WELL, "HTTPS_PROXY names proxy.example:8080"),
        ({**PLACE, "source": "--proxy"}, Verdict.WELL, "--proxy names proxy.example:8080"),
        ({}, Verdict.WRONG, "HTTPS_PROXY is not set: programs reach providers past any Tollway"),
        (
            {"only_all_proxy": True},
            Verdict.WRONG,
            "HTTPS_PROXY is not set; ALL_PROXY is, which Node, Go and Python's urllib do not read",
        ),
        ({"fault": "it names no host"}, Verdict.WRONG, "HTTPS_PROXY: it names no host"),
        (
            {**PLACE, "differ": True},
            Verdict.DOUBTFUL,
            "HTTPS_PROXY and https_proxy differ: curl, Python and Node read the second, Go and Tollway the "
            "first (proxy.example:8080)",
        ),
    ],
    ids=["named", "option", "none", "all_proxy", "fault", "differ"],
)
def test_a_proxy_is_named_or_not(facts: dict[str, Any], verdict: Verdict, reason: str) -> None:
    (finding,) = found(**facts)

    assert (finding.subject, finding.verdict, finding.reason) == ("proxy variables", verdict, reason)
    assert (finding.remedy is None) == (verdict is Verdict.WELL)


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        (("a.example",), "a.example"),
        (("a", "b", "c"), "a, b, c"),
        (("a", "b", "c", "d", "e"), "a, b, c and 2 more hosts"),
    ],
)
def test_providers_that_no_proxy_takes_past_it_are_named(hosts: tuple[str, ...], said: str) -> None:
    _, finding = found(**PLACE, passed_by=hosts)

    assert (finding.subject, finding.verdict) == ("NO_PROXY", Verdict.WRONG)
    assert finding.reason == f"it takes {said} past the proxy: such calls are not seen"


@pytest.mark.parametrize(
    ("facts", "is_default"),
    [
        ({"place": "127.0.0.1:8080"}, True),
        ({"place": "127.0.0.1:8080", "secure": True}, False),
        ({"place": "127.0.0.1:8080", "logs_in": True}, False),
        ({"place": "127.0.0.1:8081"}, False),
    ],
)
def test_where_tollway_leads_by_itself_is_known(facts: dict[str, Any], is_default: bool) -> None:
    assert Named(source="HTTPS_PROXY", **facts).is_default is is_default
