"""Administrators that can't be meant."""

import pytest

from tests.tollway.policy.test_admins import SOURCES
from tests.tollway.policy.written import policy
from tollway.policy.admins_doubts import ALL_BUT, NOBODY_KNOWN, admins_doubts


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", []),
        ("admins: {role: finops}", [NOBODY_KNOWN]),
        (f"{SOURCES}admins: {{role: finops}}", []),
        (f"{SOURCES}admins: {{role: {{not: intern}}}}", [ALL_BUT]),
        (f"{SOURCES}admins: {{role: {{not: intern}}, user: ann}}", []),
        (SOURCES, []),
    ],
)
def test_names_that_nobody_has_and_rights_that_all_have_are_doubtful(text: str, why: list[str]) -> None:
    assert list(admins_doubts(policy(text))) == [(("admins",), each) for each in why]
