"""How long a token lasts."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.identity.issuer import part
from tollway.token_command.lasting import LEAST_SECONDS, lasting

NOW = 1_790_000_000.0


def token(claims: object) -> str:
    """One that says so; nobody has signed it."""
    return f"{part({'alg': 'none'})}.{part(claims)}.{'s' * 40}"


@pytest.mark.parametrize(
    ("left", "renew"),
    [(3600, 3540), (120, 60), (119, 59.5), (60, 30), (10, 5), (4, 5), (0, 5), (-60, 5)],
)
def test_a_token_is_renewed_a_minute_before_its_end(left: float, renew: float) -> None:
    """Or at half of its time, if that is short; never in a circle."""
    found = lasting(token({"exp": NOW + left}), NOW)

    assert (found.expires, found.renew) == (NOW + left, NOW + renew)


@pytest.mark.parametrize(
    "text",
    [
        "made-up",
        token({}),
        token({"exp": None}),
        token({"exp": "soon"}),
        token({"exp": True}),
        token({"exp": 1e300}),
        token([1]),
        token(b"no json"),
        "e30.e30.",
        "a.b.c",
    ],
)
def test_one_that_says_of_no_end_is_renewed_after_five_minutes(text: str) -> None:
    found = lasting(text, NOW)

    assert (found.text, found.renew, found.expires) == (text, NOW + 300, inf)
    assert text not in repr(found)


@given(st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_a_token_says_there_is_time_between_two_renewals(end: float) -> None:
    found = lasting(token({"exp": end}), NOW)

    assert found.renew >= NOW + LEAST_SECONDS
    assert found.renew <= found.expires or found.renew == NOW + LEAST_SECONDS
