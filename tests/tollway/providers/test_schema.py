"""What a provider row may say: all else is a mistake that names its key."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

import tollway
from tollway.providers.schema import DialectName, Habit, Row, Rule, Serves, Table
from tollway.wire import DIALECTS

PACKAGE = Path(tollway.__file__).parent


def wrong(model: type[Row | Rule | Serves | Table], given: dict[str, Any]) -> list[tuple[str, str]]:
    """Where it is wrong, and why."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)
    return [(".".join(map(str, error["loc"])), error["msg"]) for error in refused.value.errors()]


def row(**said: Any) -> dict[str, Any]:
    """A row that is right but for what is said."""
    return {"name": "own", "hosts": ["llm.corp.example"], **said}


def test_every_dialect_can_be_named() -> None:
    """And no other."""
    assert set(get_args(DialectName)) == set(DIALECTS)


def test_a_row_needs_a_name_and_a_host_only() -> None:
    """All else has a default that changes nothing."""
    read = Row.model_validate(row())

    assert (read.serves, read.paths, read.errors, read.habits) == ([], {}, None, [])
    assert (read.subscription, read.ask_usage, read.bills_on) == (False, False, False)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("pass", Rule(free=True)),
        ("unknown", Rule()),
        ({"free": True}, Rule(free=True)),
        ({"operation": "chat", "dialect": "openai_chat"}, Rule(operation="chat", dialect="openai_chat")),
        (
            {"operation": "chat", "dialect": "gemini", "stream": False, "methods": ["GET", "POST"]},
            Rule(operation="chat", dialect="gemini", stream=False, methods=("GET", "POST")),
        ),
    ],
    ids=["pass", "unknown", "free", "dialect", "all"],
)
def test_a_rule_is_spelled_out_or_a_word(given: Any, rule: Rule) -> None:
    """`pass` and `unknown` are short for what they do."""
    assert Row.model_validate(row(paths={"/x": given})).paths == {"/x": rule}


@pytest.mark.parametrize(
    ("given", "key", "why"),
    [
        ({"hosts": ["x.example"]}, "name", "Field required"),
        ({"name": "own"}, "hosts", "Field required"),
        (row(hosts=[]), "hosts", "at least 1 item"),
        (row(name="Own"), "name", "should match pattern"),
        (row(name=""), "name", "should match pattern"),
        (row(name="o" * 65), "name", "should match pattern"),
        (row(hosts=["https://llm.corp.example"]), "hosts.0", "is no host"),
        (row(hosts=["llm.corp.example:99999"]), "hosts.0", "the port must be 1 to 65535"),
        (row(paths={"v1": "pass"}), "paths.v1.[key]", "must begin with a slash"),
        (row(paths={"/v1/": "pass"}), "paths./v1/.[key]", "{x} is a segment"),
        (row(paths={"/v1": "free"}), "paths./v1", "Rule"),
        (row(paths={"/v1": {"dialect": "openai_chat"}}), "paths./v1", "needs an `operation`"),
        (
            row(paths={"/v1": {"dialect": "gemini", "operation": "chat", "free": True}}),
            "paths./v1",
            "what is free is not read: give `dialect` or `free: true`, not both",
        ),
        (row(paths={"/v1": {"socket": "openai_realtime"}}), "paths./v1", "give an `operation`"),
        (
            row(paths={"/v1": {"socket": "gemini_live", "operation": "realtime", "free": True}}),
            "paths./v1",
            "what is spoken on a `socket` costs",
        ),
        (
            row(paths={"/v1": {"socket": "irc", "operation": "realtime"}}),
            "paths./v1.socket",
            "Input should be",
        ),
        (
            row(paths={"/v1": {"dialect": "abc", "operation": "chat"}}),
            "paths./v1.dialect",
            "Input should be",
        ),
        (
            row(paths={"/v1": {"got": "openai.list", "methods": ["POST"]}}),
            "paths./v1",
            "give it without `methods`",
        ),
        (row(paths={"/v1": {"operation": "Chat!"}}), "paths./v1.operation", "should match pattern"),
        (row(paths={"/v1": {"methods": ["BREW"]}}), "paths./v1.methods.0", "Input should be"),
        (row(paths={"/v1": {"stream": "yes"}}), "paths./v1.stream", "valid boolean"),
        (row(serves=[{"at": [], "set": "openai"}]), "serves.0.at", "at least 1 item"),
        (row(serves=[{"at": ["v1"], "set": "openai"}]), "serves.0.at.0", "must begin with a slash"),
        (row(serves=[{"at": ["/v1"]}]), "serves.0.set", "Field required"),
        (row(habits=["smoking"]), "habits.0", "Input should be"),
        (row(errors="cobol"), "errors", "Input should be"),
        (row(ask_usage="true"), "ask_usage", "valid boolean"),
        (row(ask_usage=1), "ask_usage", "valid boolean"),
        (row(host="x.example"), "host", "Extra inputs are not permitted"),
    ],
)
def test_a_mistake_names_its_key(given: dict[str, Any], key: str, why: str) -> None:
    """Nothing is converted silently, nothing is ignored."""
    (found,) = wrong(Row, given)

    assert found[0] == key
    assert why in found[1]


@pytest.mark.parametrize("at", ["", "/", "/v1", "/openai/deployments/{model}"])
def test_a_set_may_be_served_anywhere(at: str) -> None:
    """At the root, too."""
    assert Serves.model_validate({"at": [at], "set": "openai"}).at == [at]


def test_a_table_has_a_version() -> None:
    """So that a later one is not misread."""
    assert wrong(Table, {"version": 2, "providers": []})[0][0] == "version"
    assert wrong(Table, {"providers": []})[0][0] == "version"


def test_rows_do_not_change_once_they_are_read() -> None:
    """They are shared by all connections."""
    read = Row.model_validate(row())

    with pytest.raises(ValidationError, match="frozen"):
        read.name = "other"


def test_every_habit_is_read_somewhere() -> None:
    """A habit that nothing looks at would promise what does not happen."""
    code = [path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "schema.py"]

    assert [habit for habit in get_args(Habit) if not any(f'"{habit}"' in text for text in code)] == []
