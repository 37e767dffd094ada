"""A path matches the pattern that was meant, however it is spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.providers.paths import Match, Paths, check_base, check_path, filled, normal, renamed


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


@pytest.mark.parametrize(
    ("pattern", "values", "path"),
    [
        ("/v1/chat", {}, "/v1/chat"),
        ("/{version}/models/{model}:run", {"version": "v1", "model": "a b/c"}, "/v1/models/a%20b%2Fc:run"),
        ("/run/{model*}", {"model": "@cf/meta/llama?"}, "/run/@cf/meta/llama%3F"),
        ("/model/{model~embed}/invoke", {"model": "x.embed:0"}, "/model/x.embed:0/invoke"),
        ("/model/{model}/**", {"model": "m"}, "/model/m"),
        ("/{account}/chat", {"model": "m"}, None),
        ("/{account}/{model}", {"model": "m"}, None),
    ],
)
def test_a_pattern_makes_a_path_if_each_placeholder_has_a_value(
    pattern: str, values: dict[str, str], path: str | None
) -> None:
    assert filled(pattern, values) == path


@pytest.mark.parametrize(
    ("pattern", "path", "value", "renamed_path"),
    [
        ("/m/{model}/x", "/m/a/x", "b", "/m/b/x"),
        ("/M/{model}/x", "/m/a/X", "b", "/m/b/X"),
        ("/{v}/m/{model}:run", "/v1 beta%2F/m/org%2Fa:run", "b/c", "/v1%20beta%2F/m/b%2Fc:run"),
        ("/{upstream}/m/{model*}", "/u/m/a/b", "c/d", "/u/m/c/d"),
        ("/m/{model}/**", "/m/a/b/c%d", "x", "/m/x/b/c%25d"),
        ("/m/{model}/x", "/n/a/x", "b", None),
        ("/m/{other}/x", "/m/a/x", "b", None),
    ],
)
def test_a_path_gets_another_value_where_the_pattern_says(
    pattern: str, path: str, value: str, renamed_path: str | None
) -> None:
    """All else stays as it was, escaped again where it must be."""
    assert renamed(pattern, path, "model", value) == renamed_path


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="%"), min_size=1))
def test_a_value_that_was_put_into_a_path_is_read_back(value: str) -> None:
    """Whatever it holds, but for percent signs, which are taken for escapes twice."""
    pattern = "/v1/models/{model}:run"
    path = filled(pattern, {"model": value})

    assert path is not None
    assert Paths([pattern]).match(normal(path)) == Match(0, {"model": value})
    assert renamed(pattern, normal(path), "model", value) == path
