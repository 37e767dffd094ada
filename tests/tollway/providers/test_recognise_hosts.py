"""Which hosts are a provider's, or a customer's, or a stranger's."""

import pytest

from tests.tollway.providers.recognised import REGISTRY, ask, sure
from tollway.providers.load import load
from tollway.providers.recognise import is_anybodys, is_path_of_anybodys, owner, recognise


@pytest.mark.parametrize(
    "host",
    [
        "api.openai.com.evil.example",
        "xapi.openai.com",
        "x.api.openai.com",
        "evil.example",
        "user@api.openai.com",
        "api.openai.com@evil.example",
        "api.openai.com:443",
        "api.openai.com..",
        ".api.openai.com",
        "api.openai.com\n",
        "api-openai.com",
        "openai.azure.com",
        "a.b.openai.azure.com",
        "-.openai.azure.com",
        "a_b.openai.azure.com",
        "openai.azure.com.evil.example",
        "storage.googleapis.com",
        "evil-aiplatform.googleapis.com",
        "x-us-central1-aiplatform.googleapis.com",
        "s3.amazonaws.com",
        "bedrock-runtime.nowhere-1.amazonaws.com",
        "[::1]",
        "",
    ],
)
def test_a_host_that_only_looks_like_a_provider_is_none(host: str) -> None:
    assert recognise(REGISTRY, host, 443, "POST", "/v1/chat/completions") is None
    assert owner(REGISTRY, host, 443) is None


def test_case_trailing_dot_and_port_of_a_host_do_not_matter() -> None:
    assert ask("API.OpenAI.com./v1/chat/completions") == ask("api.openai.com:80/v1/chat/completions")
    assert owner(REGISTRY, "API.OpenAI.com.", 8443) == "openai"
    assert owner(REGISTRY, "My-Res.OpenAI.Azure.com", 443) == "azure"
    assert owner(REGISTRY, "d.eastus.models.ai.azure.com", 443) == "azure-models"


def test_a_pattern_may_begin_with_a_label_of_its_own() -> None:
    """So of a platform's hosts only those are a provider's."""
    row = {"name": "lab", "hosts": ["llm.{site}.example.com"], "serves": [{"at": ["/v1"], "set": "openai"}]}
    registry = load([row])

    assert owner(registry, "LLM.north.example.com", 443) == "lab"
    assert owner(registry, "api.north.example.com", 443) is None
    assert owner(registry, "llm.example.com", 443) is None
    assert owner(registry, "llm.a.b.example.com", 443) is None
    assert owner(registry, "xllm.north.example.com", 443) is None


def test_a_host_that_a_policy_has_to_name_is_recognised_and_is_nobody_s_until_then() -> None:
    """Recorded traffic is priced; live traffic is tunnelled, and no authority speaks for all of it."""
    url = "acme.snowflakecomputing.com/api/v2/cortex/v1/chat/completions"
    named = {
        "name": "snowflake",
        "hosts": ["acme.snowflakecomputing.com"],
        "serves": [{"at": [""], "set": "snowflake"}],
    }
    registry = load([named])

    assert sure(url).dialect == "openai_chat"
    assert owner(REGISTRY, "acme.snowflakecomputing.com", 443) is None
    assert "snowflakecomputing.com" not in REGISTRY.hosts()
    assert ask(url, registry=registry) == sure(url)
    assert owner(registry, "acme.snowflakecomputing.com", 443) == "snowflake"
    assert owner(registry, "other.snowflakecomputing.com", 443) is None
    assert "acme.snowflakecomputing.com" in registry.hosts()


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("test-location-aiplatform.googleapis.com", "vertex"),
        ("US-Test9-AIPlatform.googleapis.com.", "vertex"),
        ("bedrock-runtime.xx-new-9.amazonaws.com", "bedrock"),
        ("bedrock-runtime-fips.xx-new-9.amazonaws.com", "bedrock"),
        ("bedrock-mantle.xx-new-9.api.aws", "bedrock-mantle"),
        ("xx.api.openai.com", "openai"),
        ("api.openai.com", "openai"),
        ("us-central1-aiplatform.googleapis.com", "vertex"),
    ],
)
def test_a_region_that_no_list_has_is_known_where_regions_are_left_open(host: str, provider: str) -> None:
    """For recorded traffic. A proxy's certificate authority may vouch for the listed names alone."""
    recorded = load(open_regions=True)

    found = recognise(recorded, host, 443, "POST", "/v1/chat/completions")

    assert found is not None
    assert found.provider == provider


@pytest.mark.parametrize(
    "host",
    [
        "aiplatform.googleapis.com.evil.example",
        "a.b-aiplatform.googleapis.com",
        "-aiplatform.googleapis.com",
        "storage.googleapis.com",
        "s3.xx-new-9.amazonaws.com",
        "a.b.api.openai.com",
        "xapi.openai.com",
    ],
)
def test_an_open_region_is_one_label_of_a_providers_host(host: str) -> None:
    assert recognise(load(open_regions=True), host, 443, "POST", "/v1/chat/completions") is None


@pytest.mark.parametrize(
    ("host", "anybodys"),
    [
        ("api.openai.com", False),
        ("contoso.openai.azure.com", True),
        ("bedrock-runtime.us-east-1.amazonaws.com", False),
        ("example.com", True),
    ],
)
def test_hosts_that_customers_named_may_be_a_strangers(host: str, anybodys: bool) -> None:
    assert is_anybodys(REGISTRY, host, 443) is anybodys


SHARED = "gateway.ai.cloudflare.com"
OWN = load([{"name": "ours", "hosts": [SHARED], "serves": [{"at": ["/v1/a/b/openai"], "set": "openai"}]}])


@pytest.mark.parametrize(
    ("path", "name", "anybodys"),
    [
        ("/v1/a/b/openai/chat/completions", "ours", False),
        ("/v1/x/b/openai/chat/completions", "cloudflare-gateway", True),
        ("/v1/x/b/custom/collect", "ours", True),
    ],
)
def test_on_a_host_with_everybodys_paths_those_are_ones_own_that_a_row_of_ones_own_names(
    path: str, name: str, anybodys: bool
) -> None:
    found = ask(SHARED + path, registry=OWN)

    assert found is not None
    assert (found.provider, is_path_of_anybodys(OWN, found, 443)) == (name, anybodys)


def test_elsewhere_paths_are_the_hosts() -> None:
    assert not is_path_of_anybodys(REGISTRY, sure("api.openai.com/v1/files"), 443)
