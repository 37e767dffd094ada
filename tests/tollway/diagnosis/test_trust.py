"""What is said of each runtime."""

import pytest

from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.trust import Outcome, Past, View, judge, remedy

MENDS = "do this"


@pytest.mark.parametrize(
    ("view", "finding"),
    [
        (
            View(runtime="curl", outcome=Outcome.ACCEPTED, roots="CURL_CA_BUNDLE"),
            Finding("curl", Verdict.WELL, "trusts the proxy (CURL_CA_BUNDLE)"),
        ),
        (
            View(runtime="curl", outcome=Outcome.ACCEPTED),
            Finding("curl", Verdict.WELL, "trusts the proxy"),
        ),
        (
            View(runtime="curl", outcome=Outcome.REFUSED, said="self-signed", roots="certifi"),
            Finding("curl", Verdict.WRONG, "refuses the proxy: self-signed (certifi)", MENDS),
        ),
        (
            View(runtime="curl", outcome=Outcome.FAILED, said="no such file"),
            Finding("curl", Verdict.WRONG, "its call failed: no such file", MENDS),
        ),
        (
            View(runtime="curl", outcome=Outcome.LATE),
            Finding("curl", Verdict.DOUBTFUL, "it did not end in time", "--timeout 30 waits longer"),
        ),
        (
            View(runtime="curl", outcome=Outcome.ABSENT),
            Finding("curl", Verdict.NOT_CHECKED, "it is not installed"),
        ),
        (
            View(runtime="httpx", outcome=Outcome.ABSENT, said="python3 has none"),
            Finding("httpx", Verdict.NOT_CHECKED, "python3 has none"),
        ),
        (
            View(runtime="Node", outcome=Outcome.ACCEPTED, past=Past("it goes past", "tell it", always=True)),
            Finding("Node", Verdict.WRONG, "it goes past", "tell it"),
        ),
        (
            View(runtime="Node", outcome=Outcome.ACCEPTED, past=Past("it may", "tell it", always=False)),
            Finding("Node", Verdict.DOUBTFUL, "it may", "tell it"),
        ),
        (
            View(
                runtime="Node", outcome=Outcome.REFUSED, said="x", past=Past("it may", "tell it", always=True)
            ),
            Finding("Node", Verdict.WRONG, "refuses the proxy: x", MENDS),
        ),
    ],
)
def test_each_outcome_has_its_finding(view: View, finding: Finding) -> None:
    assert judge(view, MENDS) == finding


@pytest.mark.parametrize(
    ("at_hand", "named", "command"),
    [
        ("", "", 'eval "$(tollway env)"'),
        ("", " --proxy http://p:1", 'eval "$(tollway env --proxy http://p:1)"'),
        ("ca.pem", "", 'eval "$(tollway env --ca ca.pem)"'),
        (
            None,
            "",
            'eval "$(tollway env --ca tollway-ca.pem)", with ca/tollway-ca.pem of the data folder of the '
            "proxy's machine",
        ),
    ],
)
def test_the_command_names_the_root_that_the_proxy_has(at_hand: str | None, named: str, command: str) -> None:
    assert remedy(at_hand, named) == command
