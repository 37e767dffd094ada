"""Host patterns stand for exact names, names per region, or names with open labels in front."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.providers.hosts import Host, check_host, expand, normal, opened

REGIONS = {"zone": ["a", "b-1"], "cloud": ["x", "y"]}


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("API.Example.com", [Host(name="api.example.com")]),
        ("llm.example.com:8000", [Host(name="llm.example.com", port=8000)]),
        ("{zone}-llm.example.com", [Host(name="a-llm.example.com"), Host(name="b-1-llm.example.com")]),
        ("{any}.example.com", [Host(name="example.com", labels=1)]),
        ("{any}.{more}.example.com", [Host(name="example.com", labels=2)]),
        ("{any}.{zone}.example.com", [Host(name=f"{z}.example.com", labels=1) for z in ("a", "b-1")]),
        ("{zone}.{cloud}.com", [Host(name=f"{z}.{c}.com") for z in ("a", "b-1") for c in ("x", "y")]),
        ("API-x.{any}.example.com", [Host(name="example.com", labels=2, first="api-x")]),
        ("api.{any}.{more}.example.com", [Host(name="example.com", labels=3, first="api")]),
        ("api.{zone}.example.com", [Host(name=f"api.{z}.example.com") for z in ("a", "b-1")]),
        ("10.0.0.1:80", [Host(name="10.0.0.1", port=80)]),
        ("[FD00::0:1]", [Host(name="fd00::1")]),
    ],
)
def test_a_pattern_stands_for_these_hosts(text: str, hosts: list[Host]) -> None:
    assert check_host(text) == text
    assert list(expand(text, REGIONS)) == hosts


@pytest.mark.parametrize(
    "text",
    ["", "a b", "https://a.example", "a.example/v1", "a..example", "-a.example", "a.example:0", "[a]", "a@b"],
)
def test_what_is_no_host_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no host|must be 1 to 65535"):
        check_host(text)


@given(st.text(max_size=40))
def test_bringing_a_host_into_its_form_twice_changes_nothing(host: str) -> None:
    if not host.rstrip(".[]").endswith("."):
        once = normal(host.strip(".[]"))
        assert normal(once) == once


@pytest.mark.parametrize(
    ("text", "names", "others", "port"),
    [
        (
            "api.{zone}.example.com",
            ["api.a.example.com", "api.new-9.example.com"],
            ["api.x.y.example.com", "api..example.com", "api.-.example.com", "apixnewxexamplexcom"],
            None,
        ),
        ("{zone}-API.example.com:80", ["new-1-api.example.com"], ["-api.example.com", "api.example.com"], 80),
        ("{zone}.{any}.example.com", ["n.b.example.com"], ["n.example.com"], None),
    ],
)
def test_a_region_may_be_any_label(text: str, names: list[str], others: list[str], port: int | None) -> None:
    """Where a pattern is opened so."""
    found = opened(text, REGIONS)

    assert found is not None
    assert found[1] == port
    assert all(found[0].fullmatch(name) for name in names)
    assert not any(found[0].fullmatch(name) for name in others)


@pytest.mark.parametrize("text", ["api.example.com", "{any}.example.com"])
def test_a_pattern_without_regions_has_none_to_open(text: str) -> None:
    assert opened(text, REGIONS) is None
