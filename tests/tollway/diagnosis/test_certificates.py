"""What is said of the certificates that the proxy shows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tollway.diagnosis.certificates import Expected, Presented, judge
from tollway.diagnosis.finding import Verdict

NOW = datetime(2026, 11, 29, tzinfo=UTC)
OWN = Expected(authority="aaaaaaaa", file="/d/tollway-ca.pem", chosen=False)
CHOSEN = Expected(authority="aaaaaaaa", file="other.pem", chosen=True)


def presented(**facts: Any) -> Presented:
    """What a Tollway shows."""
    day = timedelta(days=1)
    usual = {"host": "api.openai.com", "authority": "aaaaaaaa", "begins": NOW - day, "ends": NOW + day}
    return Presented(**{**usual, **facts})


@pytest.mark.parametrize(
    ("shown", "expected", "local", "verdict", "reason"),
    [
        ({}, OWN, True, Verdict.WELL, "they go back to Tollway Root aaaaaaaa, which is /d/tollway-ca.pem"),
        ({}, CHOSEN, False, Verdict.WELL, "they go back to Tollway Root aaaaaaaa, which is other.pem"),
        ({}, None, True, Verdict.WELL, "they go back to Tollway Root aaaaaaaa, another machine's"),
        (
            {"authority": "bbbbbbbb"},
            OWN,
            False,
            Verdict.WELL,
            "they go back to Tollway Root bbbbbbbb, another machine's",
        ),
        (
            {"authority": "bbbbbbbb"},
            OWN,
            True,
            Verdict.WRONG,
            "they go back to Tollway Root bbbbbbbb; that of this data folder is Tollway Root aaaaaaaa",
        ),
        (
            {"authority": "bbbbbbbb"},
            CHOSEN,
            False,
            Verdict.WRONG,
            "they go back to Tollway Root bbbbbbbb; other.pem is Tollway Root aaaaaaaa",
        ),
        (
            {"authority": None, "issuer": "O=Corporate"},
            OWN,
            False,
            Verdict.WRONG,
            "that for api.openai.com is issued by O=Corporate, not by a Tollway: calls go unseen",
        ),
        (
            {"failure": "it answered CONNECT with status 502"},
            OWN,
            True,
            Verdict.WRONG,
            "no handshake for api.openai.com through the proxy: it answered CONNECT with status 502",
        ),
        (
            {"ends": NOW},
            OWN,
            True,
            Verdict.WRONG,
            "those of Tollway Root aaaaaaaa ended on 2026-11-29",
        ),
        (
            {"begins": NOW + timedelta(hours=1)},
            OWN,
            True,
            Verdict.WRONG,
            "those of Tollway Root aaaaaaaa begin on 2026-11-29, which is to come",
        ),
    ],
    ids=[
        "own",
        "chosen",
        "none",
        "others",
        "replaced",
        "not chosen",
        "no Tollway",
        "none shown",
        "old",
        "early",
    ],
)
def test_whose_they_are_and_whether_they_hold(
    shown: dict[str, Any], expected: Expected | None, local: bool, verdict: Verdict, reason: str
) -> None:
    finding = judge(presented(**shown), expected, local, NOW)

    assert (finding.subject, finding.verdict, finding.reason) == ("certificates", verdict, reason)
    assert (finding.remedy is None) == (verdict is Verdict.WELL)


def test_while_one_root_takes_anothers_place_either_is_well() -> None:
    both = replace(OWN, authority="cccccccc", others=("aaaaaaaa",))

    assert both.has("cccccccc")
    assert both.has("aaaaaaaa")
    assert not both.has("bbbbbbbb")
    assert not both.has(None)
