"""However a path is spelt, it is no way around the meter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.providers.recognised import REGISTRY, sure
from tollway.model import Kind
from tollway.providers.recognise import recognise


@pytest.mark.parametrize(
    "path",
    [
        "/v1/messages/",
        "//v1//messages",
        "/V1/Messages",
        "/v1/%6dessages",
        "/v1/./messages",
        "/v1/files/../messages",
        "/v1/files/%2e%2e/messages",
        "/../v1/messages?x=/..",
        "/v1/messages#x",
    ],
)
def test_another_spelling_of_a_path_is_no_way_around_the_meter(path: str) -> None:
    found = recognise(REGISTRY, "api.anthropic.com", 443, "POST", path)

    assert found is not None
    assert found.kind is Kind.INFERENCE


@pytest.mark.parametrize("path", ["/v1/files#/../messages", "/v1/files/x#/../../messages", "/v1/models#/"])
def test_a_path_that_may_go_on_behind_a_number_sign_is_no_way_around_it_either(path: str) -> None:
    """Some servers cut it off there, some do not: then it leads elsewhere."""
    for method in ("POST", "GET"):
        found = recognise(REGISTRY, "api.anthropic.com", 443, method, path)

        assert found is not None
        assert found.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/completions/../moderations",
        "/v1/x/%2e%2E/moderations",
        "/v1/chat/completions/%2e%2e%2f%2e%2e/moderations",
        "/v1/./moderations",
        "/v1/x\\..\\moderations",
    ],
)
def test_a_path_that_is_free_only_to_who_follows_its_dots_may_cost(path: str) -> None:
    """Servers differ in whether they do; a path that is a call either way is that call."""
    for method, kind in (("POST", Kind.UNKNOWN), ("GET", Kind.PASS)):
        found = recognise(REGISTRY, "api.openai.com", 443, method, path)

        assert found is not None
        assert found.kind is kind


def test_a_free_path_is_free_whatever_its_dots_are_part_of() -> None:
    for path in ("/v1/moderations", "/v1/moderations?x=/../y", "/v1//moderations"):
        assert sure(f"api.openai.com{path}").kind is Kind.PASS


def test_an_escaped_slash_parts_no_segments() -> None:
    assert sure("api.openai.com/v1/chat%2Fcompletions").kind is Kind.UNKNOWN
    assert sure("r.openai.azure.com/openai/deployments/a%2Fb/embeddings").model == "a/b"


def test_a_path_too_long_to_remember_is_recognised_all_the_same() -> None:
    found = sure("generativelanguage.googleapis.com/v1beta/models/" + "m" * 5000 + ":generateContent")

    assert found.model == "m" * 5000


@given(st.text(max_size=40), st.integers(0, 65535), st.text(max_size=8), st.text(max_size=60), st.booleans())
def test_nothing_a_client_sends_makes_it_raise(
    host: str, port: int, method: str, path: str, upgrade: bool
) -> None:
    recognise(REGISTRY, host, port, method, path, upgrade)
    recognise(REGISTRY, "api.openai.com", port, method, path, upgrade)


@given(st.sampled_from(["/v1/chat/completions", "/v1/messages"]), st.text(max_size=30))
def test_a_query_never_changes_the_answer(path: str, query: str) -> None:
    asked = [recognise(REGISTRY, "api.x.ai", 443, "POST", p) for p in (path, f"{path}?{query}")]

    assert asked[0] == asked[1]
