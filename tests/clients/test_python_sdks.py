"""The providers' own Python SDKs, and Python's HTTP clients, through `tollway run`.

Nothing in the programs is changed, nor in what they are given but the environment that `run` sets.
"""

from decimal import Decimal

import pytest

from tests.clients.played import INPUT, OUTPUT, TEXT, Played, is_metered, play, python
from tests.simulator.process import Running

pytestmark = pytest.mark.slow  # starting an SDK takes a second or two


@pytest.fixture(scope="module")
def openai_sdk(tmp_path_factory: pytest.TempPathFactory, providers: Running) -> Played:
    """`programs/openai_sdk.py`, run once."""
    return play(tmp_path_factory.mktemp("openai") / "home", providers, python("openai_sdk"))


@pytest.fixture(scope="module")
def anthropic_sdk(tmp_path_factory: pytest.TempPathFactory, providers: Running) -> Played:
    """`programs/anthropic_sdk.py`, run once."""
    return play(tmp_path_factory.mktemp("anthropic") / "home", providers, python("anthropic_sdk"))


@pytest.fixture(scope="module")
def google_sdk(tmp_path_factory: pytest.TempPathFactory, providers: Running) -> Played:
    """`programs/google_sdk.py`, run once."""
    return play(tmp_path_factory.mktemp("google") / "home", providers, python("google_sdk"))


@pytest.fixture(scope="module")
def plain_http(tmp_path_factory: pytest.TempPathFactory, providers: Running) -> Played:
    """`programs/plain_http.py`, run once."""
    return play(tmp_path_factory.mktemp("plain") / "home", providers, python("plain_http"))


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [
        ("chat", "gpt-4o", "0.0045"),  # 1000 x 2.50 + 200 x 10.00 a million
        ("chat stream with usage", "gpt-4.1", "0.0036"),  # 2.00, 8.00
        ("responses", "gpt-4.1-mini", "0.00072"),  # 0.40, 1.60
        ("responses stream", "gpt-4.1-nano", "0.00018"),  # 0.10, 0.40
    ],
)
def test_openai_calls_are_parsed_and_metered(openai_sdk: Played, name: str, model: str, usd: str) -> None:
    """Whole and streamed, of both APIs."""
    said = openai_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    is_metered(openai_sdk.call(model), "openai", usd)


def test_openai_streams_that_did_not_ask_for_usage_show_none_and_are_metered(openai_sdk: Played) -> None:
    """The chunk that only Tollway asked for stays with it: a program may index its choices."""
    said = openai_sdk.said["chat stream"]

    assert (said["text"].strip(), said["input"], said["without choices"]) == (TEXT, None, 0)
    assert openai_sdk.said["chat stream with usage"]["without choices"] == 1
    is_metered(openai_sdk.call("gpt-4o-mini"), "openai", "0.00027")  # 0.15, 0.60


def test_openai_answers_carry_their_id_and_cost(openai_sdk: Played) -> None:
    """Where a program looks at headers, it sees Tollway's."""
    said = openai_sdk.said["chat"]

    assert (said["call"], said["cost"]) == (openai_sdk.call("gpt-4o").id, "0.0045")


def test_openai_embeddings_are_decoded_and_metered(openai_sdk: Played) -> None:
    """Input alone is billed."""
    assert openai_sdk.said["embeddings"] == {"vectors": 2, "input": INPUT}
    is_metered(openai_sdk.call("text-embedding-3-small"), "openai", "0.00002", output=None)


def test_openai_async_calls_at_once_are_metered_each(openai_sdk: Played) -> None:
    """On one client, at the same time."""
    said = openai_sdk.said["async"]

    assert ([text.strip() for text in said["texts"]], said["output"]) == ([TEXT, TEXT], 2 * OUTPUT)
    both = [call for call in openai_sdk.calls if call.model == "o4-mini"]
    assert len(both) == 2
    for call in both:
        is_metered(call, "openai", "0.00198")  # 1.10, 4.40


def test_openai_errors_keep_their_type(openai_sdk: Played) -> None:
    """The SDK raises what it would have raised; nothing is charged."""
    assert openai_sdk.said["error"]["type"] == "RateLimitError"
    call = openai_sdk.call("gpt-4")
    assert (call.status, call.cost.nano) == (429, 0)


def test_openai_model_lists_pass_unmetered(openai_sdk: Played) -> None:
    """They cost nothing, and are in no ledger."""
    assert openai_sdk.said["models"] == ["gpt-simulated"]
    assert openai_sdk.passed("/v1/models")
    assert len(openai_sdk.calls) == 9


def test_openai_sums_agree_in_the_line_and_the_report(openai_sdk: Played) -> None:
    """0.0045 + 0.00027 + 0.0036 + 0.00072 + 0.00018 + 0.00002 + 2 x 0.00198 = 0.01325."""
    (row,) = openai_sdk.report["rows"]

    assert (row["provider"], row["calls"], Decimal(row["cost_usd"])) == ("openai", 9, Decimal("0.01325"))
    assert openai_sdk.line.startswith("tollway: $0.0133 for 9 calls (gpt-4o $0.0045, o4-mini $0.0040, ")
    assert "; 1 failed, " in openai_sdk.line


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [
        ("messages", "claude-sonnet-4-5", "0.006"),  # 3.00, 15.00
        ("stream", "claude-haiku-4-5", "0.002"),  # 1.00, 5.00
        ("async stream", "claude-opus-4-5", "0.01"),  # 5.00, 25.00
    ],
)
def test_anthropic_calls_are_parsed_and_metered(
    anthropic_sdk: Played, name: str, model: str, usd: str
) -> None:
    """Whole and streamed."""
    said = anthropic_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    assert said.get("streamed", said["text"]) == said["text"]
    is_metered(anthropic_sdk.call(model), "anthropic", usd)


def test_anthropic_answers_carry_their_id_and_cost(anthropic_sdk: Played) -> None:
    """Where a program looks at headers, it sees Tollway's."""
    said = anthropic_sdk.said["messages"]

    assert (said["call"], said["cost"]) == (anthropic_sdk.call("claude-sonnet-4-5").id, "0.006")


def test_anthropic_counting_and_lists_pass_unmetered(anthropic_sdk: Played) -> None:
    """Neither costs."""
    assert anthropic_sdk.said["count"] > 0
    assert anthropic_sdk.said["models"] == ["claude-simulated"]
    assert anthropic_sdk.passed("/v1/messages/count_tokens")
    assert anthropic_sdk.passed("/v1/models")
    assert len(anthropic_sdk.calls) == 4


def test_anthropic_errors_keep_their_type(anthropic_sdk: Played) -> None:
    """529 is what Anthropic says when it is overloaded."""
    assert anthropic_sdk.said["error"] == {"type": "OverloadedError", "status": 529}
    call = anthropic_sdk.call("claude-opus-4-1")
    assert (call.status, call.cost.nano) == (529, 0)


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [
        ("generate", "gemini-2.5-flash", "0.0008"),  # 0.30, 2.50
        ("stream", "gemini-2.5-pro", "0.00325"),  # 1.25, 10.00
        ("async", "gemini-2.5-flash-lite", "0.00018"),  # 0.10, 0.40
    ],
)
def test_google_calls_are_parsed_and_metered(google_sdk: Played, name: str, model: str, usd: str) -> None:
    """Whole and streamed."""
    said = google_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    is_metered(google_sdk.call(model), "gemini", usd)


def test_google_embeddings_are_parsed_and_metered(google_sdk: Played) -> None:
    """Their answers may report no usage: what is estimated is flagged."""
    assert google_sdk.said["embed"] == {"vectors": 2}
    call = google_sdk.call("gemini-embedding-001")
    assert (call.provider, call.operation, call.status) == ("gemini", "embeddings", 200)
    assert call.cost.nano > 0


def test_google_counting_passes_unmetered(google_sdk: Played) -> None:
    """It costs nothing."""
    assert google_sdk.said["count"] > 0
    assert google_sdk.passed("/v1beta/models/gemini-2.0-flash:countTokens")
    assert len(google_sdk.calls) == 5


def test_google_errors_keep_their_type(google_sdk: Played) -> None:
    """The SDK raises what it would have raised; nothing is charged."""
    assert google_sdk.said["error"] == {"type": "ClientError", "status": 400}
    call = google_sdk.call("gemini-1.5-pro")
    assert (call.status, call.cost.nano) == (400, 0)


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [
        ("urllib", "gpt-4o", "0.0045"),
        ("requests", "gpt-4o-mini", "0.00027"),
        ("httpx", "gpt-4.1", "0.0036"),
        ("httpx2", "gpt-4.1-mini", "0.00072"),
        ("aiohttp", "gpt-4.1-nano", "0.00018"),
    ],
)
def test_pythons_http_clients_find_the_proxy_and_trust_it(
    plain_http: Played, name: str, model: str, usd: str
) -> None:
    """Each reads variables of its own for the proxy and for the roots."""
    if name not in plain_http.said:
        pytest.skip(f"{name} is not installed here")

    said = plain_http.said[name]

    assert (said["text"].strip(), said["prompt_tokens"], said["completion_tokens"]) == (TEXT, INPUT, OUTPUT)
    is_metered(plain_http.call(model), "openai", usd)
