"""Rows become a registry: who has which host, which rule of a path goes first, and what an endpoint says."""

from typing import Any

import pytest

from tollway.model import Kind
from tollway.providers.load import load
from tollway.providers.registry import Provider, Registry, build
from tollway.providers.schema import Row, Rules, Table

CHAT = {"operation": "chat", "dialect": "openai_chat"}
CLAUDE = {"operation": "chat", "dialect": "anthropic_messages"}


def row(name: str = "own", **said: Any) -> Row:
    """A row of one host, unless it is said otherwise."""
    return Row.model_validate({"name": name, "hosts": [f"{name}.example.com"], **said})


def sets(**given: dict[str, Any]) -> dict[str, Rules]:
    """Sets of paths, as `providers.yaml` has them."""
    return Table.model_validate({"version": 1, "sets": given, "providers": []}).sets


def only(row: Row, **given: dict[str, Any]) -> Provider:
    """The one provider of a registry."""
    (provider,) = build([row], sets(**given), {}).providers
    return provider


def operation(provider: Provider, path: str, method: str = "POST") -> str | None:
    """The operation of the rule that a request falls under."""
    ruled = provider.named.get(method)
    found = (ruled.find(path) if ruled else None) or provider.acts.find(path)
    return found[0].operation if found else None


def test_a_host_has_its_places_in_the_order_of_the_rows() -> None:
    """So an operator's row, which comes first, is asked first."""
    rows = [row("a", hosts=["x.example.com"]), row("b", hosts=["x.example.com", "y.example.com"])]
    registry = build(rows, {}, {})

    assert [(p.provider.row.name, p.rank) for p in registry.names["x.example.com"]] == [("a", 0), ("b", 1)]
    assert [p.provider.row.name for p in registry.names["y.example.com"]] == ["b"]
    assert [p.row.name for p in registry.providers] == ["a", "b"]


def test_regions_are_enumerated() -> None:
    """A name each: nothing in between is left open."""
    registry = build([row(hosts=["{aws}.example.com"])], {}, {"aws": ["us-east-1", "eu-west-1"]})

    assert sorted(registry.names) == ["eu-west-1.example.com", "us-east-1.example.com"]
    assert {p.host.labels for places in registry.names.values() for p in places} == {0}


def test_open_labels_are_known_by_what_is_fixed() -> None:
    """And how many there are."""
    (place,) = build([row(hosts=["{account}.example.com"])], {}, {}).names["example.com"]

    assert place.host.labels == 1


def test_an_open_label_behind_two_fixed_ones_is_refused() -> None:
    """It could be anything."""
    with pytest.raises(ValueError, match="an open label must be in front"):
        build([row(hosts=["v1.api.{x}.example.com"])], {}, {})


def test_the_hosts_are_dns_names_sorted() -> None:
    """A CA's constraints take no addresses: it excludes them all."""
    hosts = ["z.example.com", "10.0.0.1", "[fd00::1]:8000", "a.example.com:8000", "{x}.example.com"]

    assert build([row(hosts=hosts)], {}, {}).hosts() == ("a.example.com", "example.com", "z.example.com")


def test_the_operations_are_those_that_a_call_may_be_of() -> None:
    """What is free is never under a limit; a path that no rule is about is unknown."""
    paths = {"/v1/chat": CHAT, "/v1/look": {"operation": "count_tokens", "free": True}, "/v1/rank": "unknown"}
    again = {"/v1/answers/{id}": {"operation": "retrieve", "dialect": "openai_responses", "methods": ["GET"]}}

    assert build([row(paths=paths | again)], {}, {}).operations() == {"chat", "retrieve", "unknown"}


def test_no_host_of_the_package_is_wider_than_it_may_be() -> None:
    """Never all of a cloud, which also serves what is no model (issue 2, certificate authority)."""
    hosts = load().hosts()

    assert {"googleapis.com", "amazonaws.com", "azure.com", "com", "internal"}.isdisjoint(hosts)
    assert all(host.count(".") >= 1 for host in hosts)
    assert len(set(hosts)) == len(hosts)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/chat", "spelled"),
        ("/v1/other", "pattern"),
        ("/v1/a/b", "longer"),
        ("/v1/a", "pattern"),
        ("/v2/b", "shorter"),
        ("/v1/a/b/c", "longer"),
        ("/elsewhere", "shorter"),
    ],
)
def test_what_is_spelled_out_goes_first_and_catch_alls_last(path: str, found: str) -> None:
    """The longer catch-all before the shorter one, wherever they stand in the row."""
    paths = {
        "/**": {"operation": "shorter"},
        "/v1/a/**": {"operation": "longer"},
        "/v1/{x}": {"operation": "pattern"},
        "/v1/chat": {"operation": "spelled"},
    }

    assert operation(only(row(paths=paths)), path) == found


def test_a_set_is_served_under_each_prefix() -> None:
    """The empty prefix too."""
    given = {"chats": {"/chat": CHAT, "/models": "pass"}}
    provider = only(row(serves=[{"at": ["", "/v1"], "set": "chats"}]), **given)

    assert [operation(provider, path) for path in ("/chat", "/v1/chat", "/v2/chat")] == ["chat", "chat", None]


def test_a_path_of_the_row_goes_before_one_of_its_sets() -> None:
    """A row can correct what its provider does otherwise."""
    given = {"chats": {"/chat": CHAT}}
    own = {"/v1/chat": {"operation": "mine"}}

    assert (
        operation(only(row(paths=own, serves=[{"at": ["/v1"], "set": "chats"}]), **given), "/v1/chat")
        == "mine"
    )


def test_methods_that_a_rule_names_have_rules_of_their_own() -> None:
    """GET of a background answer is billed; GET of anything else only looks."""
    paths = {
        "/v1/responses": CHAT,
        "/v1/responses/{id}": {"operation": "retrieve", "dialect": "openai_responses", "methods": ["GET"]},
    }
    provider = only(row(paths=paths))

    assert set(provider.named) == {"GET"}
    assert operation(provider, "/v1/responses/r1", "GET") == "retrieve"
    assert operation(provider, "/v1/responses/r1", "POST") is None
    assert provider.acts.find("/v1/responses/r1") is None


@pytest.mark.parametrize(
    ("row_says", "set_says", "covered"),
    [(False, None, False), (True, None, True), (False, True, True), (True, False, False)],
)
def test_a_flat_plan_is_the_rows_or_the_sets(row_says: bool, set_says: bool | None, covered: bool) -> None:
    """One host may serve both: chatgpt.com, say."""
    given = {"chats": {"/chat": CHAT}}
    serves = [{"at": ["/v1"], "set": "chats", "subscription": set_says}]
    found = only(row(subscription=row_says, serves=serves), **given).acts.find("/v1/chat")

    assert found is not None
    assert found[1] is covered


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"paths": {"/x": "pass", "/c": CLAUDE, "/d": CHAT}}, "anthropic_messages"),
        ({"paths": {"/c": CLAUDE}, "errors": "gemini"}, "gemini"),
        ({"paths": {"/x": "pass"}}, "openai_chat"),
        ({}, "openai_chat"),
    ],
    ids=["first dialect", "as said", "none read", "no paths"],
)
def test_errors_take_the_shape_of_the_first_dialect(said: dict[str, Any], errors: str) -> None:
    """Unless the row says which; what every SDK half understands, where nothing is known."""
    assert only(row(**said)).errors == errors


def test_an_endpoint_says_what_row_and_rule_say() -> None:
    """And what the path kept."""
    provider = only(
        row(
            paths={"/models/{model}": {**CHAT, "stream": True}},
            ask_usage=True,
            bills_on=True,
            habits=["reasoning_extra"],
        )
    )
    found = provider.acts.find("/models/gpt%2D9")
    assert found is not None
    rule, plan, match = found
    endpoint = provider.endpoint("own.example.com", Kind.INFERENCE, rule, plan, match.kept)

    assert (endpoint.provider, endpoint.host, endpoint.model) == ("own", "own.example.com", "gpt-9")
    assert (endpoint.operation, endpoint.dialect, endpoint.errors) == ("chat", "openai_chat", "openai_chat")
    assert (endpoint.stream, endpoint.ask_usage, endpoint.bills_on) == (True, True, True)
    assert endpoint.habits == frozenset({"reasoning_extra"})
    assert not endpoint.subscription
    assert not endpoint.is_untouched


@pytest.mark.parametrize("said", [{"untouched": True}, {"subscription": True}])
def test_where_programs_log_in_nothing_is_changed(said: dict[str, Any]) -> None:
    provider = only(row(paths={"/chat": CHAT}, **said))
    found = provider.acts.find("/chat")
    assert found is not None
    rule, plan, match = found

    assert provider.endpoint("own.example.com", Kind.INFERENCE, rule, plan, match.kept).is_untouched


def test_no_rows_make_a_registry_that_knows_nobody() -> None:
    """All is tunnelled."""
    registry = build([], {}, {})

    assert registry.hosts() == ()
    assert isinstance(registry, Registry)


def test_regions_that_no_list_has_are_looked_for_where_they_are_left_open() -> None:
    """Beside the names, which stay the same, and so do the hosts of a CA."""
    rows = [row("a"), row("b", hosts=["{aws}.example.com:8000", "x.example.com"])]
    closed, left_open = (build(rows, {}, {"aws": ["us-east-1"]}, way) for way in (False, True))

    ((names, place),) = left_open.regions

    assert closed.regions == ()
    assert left_open.hosts() == closed.hosts()
    assert names.fullmatch("us-new-1.example.com")
    assert (place.provider.row.name, place.rank, place.host.port) == ("b", 1, 8000)


def test_providers_whose_customers_share_hosts_are_known() -> None:
    registry = build([row("a", by_path=True), row("b")], {}, {})

    assert registry.by_path() == {"a"}


@pytest.mark.parametrize(
    ("provider", "dialect", "header"),
    [
        ("openai", "openai_chat", "authorization"),
        ("anthropic", "anthropic_messages", "x-api-key"),
        ("azure", "openai_chat", "api-key"),
        ("gemini", "gemini", "x-goog-api-key"),
        ("gemini", "openai_chat", "authorization"),
        ("elevenlabs", "openai_chat", "xi-api-key"),
        ("mine", "openai_chat", "x-api-key"),
        ("nobody", "openai_chat", "authorization"),
    ],
)
def test_a_providers_key_goes_where_it_takes_keys(provider: str, dialect: str, header: str) -> None:
    own = {"name": "mine", "hosts": ["llm.example.com"], "keys": {"openai_chat": "x-api-key"}}

    assert load([own]).key_header(provider, dialect) == header
