"""Operators add providers by rows alone, and a wrong row is named with its key."""

from typing import Any, get_args

import pytest

from tollway.model import Kind
from tollway.providers.load import ProviderError, load, package_table
from tollway.providers.recognise import owner, recognise
from tollway.providers.schema import DialectName

VLLM = {
    "name": "vllm",
    "hosts": ["llm.corp.example:8000"],
    "ask_usage": True,
    "serves": [{"at": ["/v1"], "set": "openai"}],
}


def problems(*rows: Any) -> list[str]:
    with pytest.raises(ProviderError) as raised:
        load(rows)
    assert str(raised.value).splitlines() == [str(p) for p in raised.value.problems]
    return [str(p) for p in raised.value.problems]


def test_a_row_alone_adds_a_provider() -> None:
    registry = load([VLLM])

    found = recognise(registry, "llm.corp.example", 8000, "POST", "/v1/chat/completions")

    assert found is not None
    assert (found.kind, found.provider, found.dialect) == (Kind.INFERENCE, "vllm", "openai_chat")
    assert found.ask_usage
    assert "llm.corp.example" in registry.hosts()
    assert owner(registry, "llm.corp.example", 443) is None  # the row is of port 8000 alone


def test_a_row_may_give_its_paths_itself_and_has_open_labels() -> None:
    registry = load([{
        "name": "snowflake",
        "hosts": ["{account}.snowflakecomputing.com"],
        "errors": "openai_chat",
        "paths": {
            "/api/v2/cortex/v1/chat/completions": {"operation": "chat", "dialect": "openai_chat"},
            "/api/v2/statements": "pass",
            "/api/v2/cortex/inference:complete": "unknown",
        },
    }])  # fmt: skip

    def kind(path: str) -> Kind:
        found = recognise(registry, "org-acct.snowflakecomputing.com", 443, "POST", path)
        assert found is not None
        return found.kind

    assert kind("/api/v2/cortex/v1/chat/completions") is Kind.INFERENCE
    assert kind("/api/v2/statements") is Kind.PASS
    assert kind("/api/v2/cortex/inference:complete") is Kind.UNKNOWN
    assert owner(registry, "a.b.snowflakecomputing.com", 443) is None


def test_an_operators_row_is_asked_before_the_packages() -> None:
    row = {
        "name": "contract",
        "hosts": ["api.openai.com"],
        "paths": {"/v1/moderations": {"operation": "chat", "dialect": "openai_chat"}},
    }
    registry = load([row])

    mine = recognise(registry, "api.openai.com", 443, "POST", "/v1/moderations")
    theirs = recognise(registry, "api.openai.com", 443, "POST", "/v1/chat/completions")

    assert mine is not None
    assert theirs is not None
    assert (mine.provider, theirs.provider) == ("contract", "openai")


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "[fd00::1]:8000", "[FD00:0::1]:8000", "localhost:8000"])
def test_a_row_may_name_an_address(host: str) -> None:
    registry = load([{**VLLM, "hosts": [host]}])
    name = host.rpartition(":")[0].strip("[]")

    assert owner(registry, name, 8000) == "vllm"
    assert owner(registry, name, 8001) is None
    assert (name in registry.hosts()) == (name == "localhost")  # no constraint can permit an address


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "V LLM"}, "providers[0].name (row 'V LLM'): String should match pattern"),
        ({"hosts": []}, "providers[0].hosts (row 'vllm'): List should have at least 1 item"),
        ({"hosts": "x"}, "providers[0].hosts (row 'vllm'): Input should be a valid list"),
        ({"hosts": ["a.example", "http://b.example"]}, "providers[0].hosts[1] (row 'vllm'): 'http://b"),
        ({"hosts": ["u@b.example"]}, "providers[0].hosts[0] (row 'vllm'): 'u@b.example' is no host: write"),
        ({"hosts": ["*.example.com"]}, "providers[0].hosts[0] (row 'vllm'): '*.example.com' is no host"),
        ({"hosts": ["[dead]:1"]}, "providers[0].hosts[0] (row 'vllm'): '[dead]:1' is no host"),
        ({"hosts": ["b.example:70000"]}, "the port must be 1 to 65535"),
        ({"hosts": ["a.llm.{label}.example.com"]}, "an open label must be in front"),
        ({"hosts": ["{label}.com"]}, "too wide"),
        ({"host": ["x"]}, "providers[0].host (row 'vllm'): unknown key: a row has name, hosts"),
        ({"serves": [{"at": ["/v1"], "set": "open-ai"}]}, "providers[0].serves[0].set (row 'vllm'): unknown"),
        ({"serves": [{"at": ["v1"], "set": "openai"}]}, "path 'v1' must begin with a slash"),
        ({"paths": {"/v1/chat?x": "pass"}}, "path '/v1/chat?x': {x} is a segment"),
        ({"paths": {"/v1/": "pass"}}, "path '/v1/': {x} is a segment"),
        ({"paths": {"/a/**/b": "pass"}}, "{x} is a segment"),
        ({"paths": {"/v1/chat": "free"}}, "providers[0].paths./v1/chat (row 'vllm'): Input should be"),
        ({"paths": {"/v1/chat": {"operation": "chat", "dialect": "openai"}}}, "'openai_chat'"),
        ({"paths": {"/v1/chat": {"dialect": "openai_chat"}}}, "needs an `operation`"),
        ({"paths": {"/x": {"operation": "chat", "dialect": "gemini", "free": True}}}, "not both"),
        ({"bills_on": "yes"}, "providers[0].bills_on (row 'vllm'): Input should be a valid boolean"),
    ],
)
def test_a_wrong_row_is_named_with_its_key(change: dict[str, Any], said: str) -> None:
    first, *others = problems({**VLLM, **change})

    assert said in first
    assert first.startswith("providers[0].")
    assert not others


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = problems({**VLLM, "name": "", "port": 1}, VLLM, "no row", {"hosts": ["x"]})

    assert [s.partition(" ")[0] for s in said] == [
        "providers[0].name", "providers[0].port", "providers[2]", "providers[3].name",
    ]  # fmt: skip


def test_the_packages_table_names_each_provider_and_host_once() -> None:
    rows = package_table().providers
    hosts = [host for row in rows for host in row.hosts]

    assert len({row.name for row in rows}) == len(rows)
    assert len(set(hosts)) == len(hosts)


def test_a_ca_is_permitted_providers_names_and_no_clouds() -> None:
    names = load().hosts()

    assert {"api.openai.com", "eu.api.openai.com", "openai.azure.com"} < set(names)
    assert "us-east5-aiplatform.googleapis.com" in names
    assert list(names) == sorted(set(names))
    for cloud in ("googleapis.com", "amazonaws.com", "api.aws", "azure.com", "microsoft.com", "aliyuncs.com"):
        assert not any(cloud == n or cloud.endswith("." + n) for n in names)
    assert len(names) < 400


def test_the_table_names_the_dialects_there_are() -> None:
    from tollway.wire import DIALECTS

    assert set(get_args(DialectName)) == set(DIALECTS)
