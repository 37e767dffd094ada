"""Keys that Tollway gives out."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.credential import HEADERS, OTHERS
from tollway.identity.virtual_key import VirtualKey, digest, made, shown

KEY = made(os.urandom(32))
PLACES = (*HEADERS, *OTHERS)


@given(
    st.binary(min_size=32, max_size=32),
    st.sampled_from((*HEADERS, *OTHERS)),
    st.sampled_from(["", "Bearer "]),
)
def test_every_key_is_found_in_every_header_that_takes_one(random: bytes, name: str, scheme: str) -> None:
    assert shown({name: scheme + made(random)}, "") == made(random)


@pytest.mark.parametrize("query", ["key={}", "alt=sse&key={}", "api-key={}&x=y", "a=%20{}"])
def test_a_key_is_found_in_the_query(query: str) -> None:
    """Where Gemini has its keys."""
    assert shown({}, query.format(KEY)) == KEY


@pytest.mark.parametrize("form", ["", "tw_", "tw_short", "{}x", "x{}", "-{}", "{}_", "sk-made-up-tw_"])
def test_what_has_another_shape_is_no_key(form: str) -> None:
    """A provider's own keys among them."""
    for value in (form.format(KEY), form.format(KEY)[:-2], form.format(KEY).upper()):
        assert shown({"authorization": value}, f"key={value}") is None


def test_a_key_in_the_second_place_is_found_behind_anothers() -> None:
    """Claude Code sends two, if it is given two."""
    assert shown({"authorization": "Bearer sk-made-up", "x-api-key": KEY}, "") == KEY


def test_a_key_among_a_websockets_protocols_is_found() -> None:
    assert shown({"sec-websocket-protocol": f"realtime, openai-insecure-api-key.{KEY}"}, "") == KEY


def test_a_key_elsewhere_is_no_credential() -> None:
    assert shown({"x-note": KEY, "user-agent": KEY}, "alt=sse") is None


@pytest.mark.parametrize(
    ("expires", "revoked", "state"),
    [
        (None, None, "valid"),
        (11, None, "valid"),
        (10, None, "expired"),
        (11, 5, "revoked"),
        (9, 5, "revoked"),
    ],
)
def test_a_key_is_valid_until_it_expires_or_is_revoked(
    expires: int | None, revoked: int | None, state: str
) -> None:
    key = VirtualKey(digest=digest(KEY), created_us=1, expires_us=expires, revoked_us=revoked)

    assert key.state(10) == state


def test_a_key_says_who_bears_it_and_is_called_by_what_tells_nothing_of_it() -> None:
    key = VirtualKey(digest=digest(KEY), user="ann", team="search", groups=("a", "b"), created_us=1)

    who = key.identity()

    assert (who.user, who.team, who.groups, who.source, who.verified) == (
        "ann", "search", ("a", "b"), "virtual_keys", True,
    )  # fmt: skip
    assert len(key.id) == 12
    assert key.id not in KEY
    assert KEY not in repr(key)
