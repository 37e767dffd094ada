"""A path matches the pattern that was meant, however it is spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.providers.paths import Match, Paths, check_base, check_path, normal


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/v1/chat", "/v1/chat"),
        ("/v1/chat/?stream=/true", "/v1/chat"),
        ("/v1//chat///x", "/v1/chat/x"),
        ("/v1/./chat/../x", "/v1/x"),
        ("/../../v1", "/v1"),
        ("/v1/%2e%2E/x", "/x"),
        ("/models/m%3agenerate", "/models/m:generate"),
        ("/models/org%2Fm", "/models/org%2Fm"),
        ("/models/org%2fm", "/models/org%2Fm"),
        ("/.well-known/x", "/.well-known/x"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_path_is_brought_into_the_form_that_servers_make_of_it(path: str, form: str) -> None:
    assert normal(path) == form


@given(
    st.lists(st.sampled_from(["/", ".", "..", "a", "%2e", "%2F", "//", "?", "#"]), max_size=12).map("".join)
)
def test_no_empty_or_dot_segment_is_left(path: str) -> None:
    segments = normal("/" + path).split("/")[1:]

    assert segments == [""] or not {"", ".", ".."} & set(segments)


def test_spelled_out_paths_go_before_patterns_and_patterns_in_their_order() -> None:
    paths = Paths(["/v1/{x}", "/v1/files", "/v1/{x}/{y*}", "/v1/files/**"])

    assert paths.match("/v1/other") == Match(0, {})
    assert paths.match("/V1/Files") == Match(1, {})
    assert paths.match("/v1/files/a/b") == Match(2, {})
    assert paths.match("/v2") is None
    assert Paths([]).match("/") is None


@pytest.mark.parametrize(
    ("pattern", "path", "kept"),
    [
        ("/m/{model}:run", "/m/a:b:run", {"model": "a:b"}),
        ("/m/{model}:run", "/m/a/b:run", None),
        ("/m/{model}:run", "/m/a:runs", None),
        ("/m/{model*}/run", "/m/org/a/run", {"model": "org/a"}),
        ("/m/{model}/run", "/m/org%2Fa/run", {"model": "org/a"}),
        ("/{upstream}/m/{model}", "/u/m/a", {"upstream": "u", "model": "a"}),
        ("/m/{model~embed}:run", "/m/text-embedding-1:run", {"model": "text-embedding-1"}),
        ("/m/{model~embed}:run", "/m/other:run", None),
        ("/m/{other}", "/m/x", {}),
        ("/m.x/{other}", "/mux/x", None),
        ("/m/**", "/m", {}),
        ("/m/**", "/m/a/b", {}),
        ("/m/**", "/ma", None),
        ("/**", "/", {}),
    ],
)
def test_placeholders_stand_for_what_they_say(pattern: str, path: str, kept: dict[str, str] | None) -> None:
    found = Paths([check_path(pattern)]).match(path)

    assert (found and found.kept) == kept


def test_a_prefix_may_be_empty() -> None:
    assert check_base("") == ""
    with pytest.raises(ValueError, match="must begin with a slash"):
        check_path("")
