"""One host, or none: what servers would read differently names nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.providers.authority import host_of


@pytest.mark.parametrize(
    "authority",
    ["api.openai.com", "API.OpenAI.com", "api.openai.com.", "api.openai.com:443", " api.openai.com:8443\t"],
)
def test_a_host_is_known_however_it_is_written(authority: str) -> None:
    assert host_of(authority) == "api.openai.com"


@pytest.mark.parametrize("authority", ["[2001:DB8::1]", "[2001:db8:0::1]:8000"])
def test_an_address_is_known_too(authority: str) -> None:
    assert host_of(authority) == "2001:db8::1"


@pytest.mark.parametrize(
    "authority",
    ["", "me@api.openai.com", "api.openai.com:443@evil.example", "api.openai.com,evil.example", "a b",
     "api.openai.com/", "api.openai.com:", "api.openai.com:1:2", "api%2eopenai.com", "api\u3002openai.com",
     "api.openai.com\n", "[::1"],
)  # fmt: skip
def test_what_is_no_single_host_names_nobody(authority: str) -> None:
    assert host_of(authority) == ""


@given(st.text(max_size=40))
def test_nothing_makes_it_raise_and_a_name_has_no_more_than_names_have(authority: str) -> None:
    assert not set(host_of(authority)) & set("@/,?#%\\ \t")
