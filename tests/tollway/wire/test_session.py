"""A session is told from what a client says of its user, and nothing else of it is kept."""

import json

import pytest

from tollway.wire.session import HEADERS, account_in_headers, account_of, in_headers, plain, session_of

SESSION = "0e1f2a3b-4c5d-6e7f-8a9b-0c1d2e3f4a5b"


@pytest.mark.parametrize(
    "user_id",
    [
        f"user_{'ab' * 32}_account_{SESSION[::-1]}_session_{SESSION}",
        f"user_{'ab' * 32}_account__session_{SESSION}",
        json.dumps({"device_id": "d", "account_uuid": "a", "session_id": SESSION}),
    ],
)
def test_of_claude_codes_user_only_the_session_is_taken(user_id: str) -> None:
    assert session_of(user_id) == SESSION


@pytest.mark.parametrize(
    "user_id", ["jane@example.com", '{"session_id": 5}', "{not json", "[]", "{\ud800}", "\ud800"]
)
def test_of_anything_else_a_hash_is_taken(user_id: str) -> None:
    found = session_of(user_id)

    assert found is not None
    assert found.startswith("h-")
    assert len(found) == 18
    assert found == session_of(user_id) != session_of(user_id + "x")


@pytest.mark.parametrize("user_id", [None, "", 5, [], {}])
def test_no_user_is_no_session(user_id: object) -> None:
    assert session_of(user_id) is None


@pytest.mark.parametrize(
    ("value", "session"), [("s", "s"), ("", None), ("x" * 129, None), (5, None), (None, None)]
)
def test_a_plain_id_is_taken_as_it_is(value: object, session: str | None) -> None:
    assert plain(value) == session


@pytest.mark.parametrize("name", HEADERS)
def test_agents_say_it_in_a_header(name: str) -> None:
    assert in_headers({name: SESSION, "accept": "x"}) == SESSION


@pytest.mark.parametrize("value", ["", "x" * 129, "a\x07b", "é", "\ud800"])
def test_what_can_be_no_session_in_a_header_is_none(value: str) -> None:
    assert in_headers({"session-id": value}) is None


@pytest.mark.parametrize(
    ("said", "session"),
    [
        ({"session-id": "root", "x-codex-parent-thread-id": "parent", "session_id": "own"}, "root"),
        ({"x-codex-parent-thread-id": "parent", "session_id": "own"}, "parent"),
        ({"x-client-session-id": "terminal", "vscode-sessionid": "window"}, "terminal"),
    ],
)
def test_a_sub_agent_is_of_its_agents_session(said: dict[str, str], session: str) -> None:
    """Which Codex names beside the sub-agent's own."""
    assert in_headers(said) == session


@pytest.mark.parametrize(
    ("user_id", "account"),
    [
        (f"user_{'ab' * 32}_account_{SESSION}_session_{SESSION[::-1]}", SESSION),
        (f"user_{'ab' * 32}_account__session_{SESSION}", None),
        (json.dumps({"device_id": "d", "account_uuid": SESSION, "session_id": "s"}), SESSION),
        (json.dumps({"account_uuid": 5}), None),
        ("jane@example.com", None),
        ("{not json", None),
        (None, None),
    ],
)
def test_claude_codes_user_names_the_account(user_id: object, account: str | None) -> None:
    """And nothing that may name a person is taken."""
    assert account_of(user_id) == account


@pytest.mark.parametrize(("value", "account"), [("acc-1", "acc-1"), ("", None), ("a\x07", None)])
def test_codex_names_the_account_in_a_header(value: str, account: str | None) -> None:
    assert account_in_headers({"chatgpt-account-id": value}) == account
    assert account_in_headers({}) is None
