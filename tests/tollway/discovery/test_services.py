"""The AI services that Tollway does not read, by their hosts."""

import msgspec
import pytest

from tollway.discovery.services import Service, ServiceKind, Services, comparable, known_services, listed
from tollway.providers.load import load
from tollway.providers.recognise import owner

OWN = Services(
    [
        Service(name="One", kind=ServiceKind.CHAT, hosts=("one.example", "ai.two.example"), source="x"),
        Service(name="Two", kind=ServiceKind.API, hosts=("two.example", "BÜCHER.example"), source="x"),
    ]
)


@pytest.mark.parametrize(
    ("host", "name", "kept", "entry"),
    [
        ("one.example", "One", "one.example", "one.example"),
        ("ONE.Example.", "One", "one.example", "one.example"),
        ("www.one.example", "One", "www.one.example", "one.example"),
        ("a.b.c.one.example", "One", "a.b.c.one.example", "one.example"),
        ("two.example", "Two", "two.example", "two.example"),
        ("ai.two.example", "One", "ai.two.example", "ai.two.example"),
        ("api.two.example", "Two", "api.two.example", "two.example"),
        ("bücher.example", "Two", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("www.XN--BCHER-KVA.example", "Two", "www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("two\N{IDEOGRAPHIC FULL STOP}example", "Two", "two.example", "two.example"),
        ("\udcff.one.example", "One", "one.example", "one.example"),
        ("x\n.one.example", "One", "one.example", "one.example"),
    ],
)
def test_a_host_is_a_services_if_it_is_its_name_or_under_it(
    host: str, name: str, kept: str, entry: str
) -> None:
    """However it is written; the longest name that is listed decides."""
    found = OWN.find(host)

    assert found is not None
    assert (found.service.name, found.host, found.entry) == (name, kept, entry)


@pytest.mark.parametrize(
    "host",
    ["", ".", "example", "notone.example", "one.example.evil.example", "one-example", "203.0.113.7", "[::1]"],
)
def test_other_hosts_are_nobodys(host: str) -> None:
    """Labels count whole."""
    assert OWN.find(host) is None


def test_what_is_no_name_is_left_as_it_is() -> None:
    assert comparable("\udcff") == "\udcff"


def test_each_host_of_the_list_is_named_once_and_as_it_is_looked_up() -> None:
    hosts = [host for service in listed().services for host in service.hosts]

    assert [host for host in hosts if comparable(host) != host or "." not in host] == []
    assert len(set(hosts)) == len(hosts) > 200


def test_each_service_says_who_says_so() -> None:
    assert {service.source for service in listed().services} == set(listed().sources)


def test_the_names_of_services_are_few_enough_to_be_labels() -> None:
    """Of metrics; and each kind is somebody's."""
    assert len({service.name for service in listed().services}) < 300
    assert {service.kind for service in listed().services} == set(ServiceKind)


def test_no_host_that_a_provider_row_reads_is_listed_itself() -> None:
    """Under a name of the list there may be one: the proxy asks the rows first."""
    registry = load()

    assert [
        host for service in listed().services for host in service.hosts if owner(registry, host, 443)
    ] == []


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("claude.ai", "Claude"),
        ("gemini.google.com", "Gemini"),
        ("copilot.microsoft.com", "Microsoft Copilot"),
        ("www.perplexity.ai", "Perplexity"),
        ("us-only.gcpp.cursor.sh", "Cursor"),
        ("server.codeium.com", "Windsurf"),
        ("us.cloud.langfuse.com", "Langfuse"),
        ("google.com", None),
        ("www.bing.com", None),
        ("auth.openai.com", None),
        ("authenticator.cursor.sh", None),
        ("auth.kimi.com", None),
        ("cloudaicompanion.googleapis.com", None),
    ],
)
def test_the_list_knows_what_people_use(host: str, name: str | None) -> None:
    """And not what log-ins of what is read need."""
    found = known_services().find(host)

    assert (found and found.service.name) == name


def test_a_row_of_another_form_is_a_mistake() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "x", "kind": "cooking", "hosts": [], "source": "x"}, Service)
