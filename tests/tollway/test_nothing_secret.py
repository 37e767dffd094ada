"""Keys, tokens and prompts appear nowhere: neither in ledger, log, errors, reports nor where it crashes."""

import base64
import logging
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.simulator import Scenario
from tests.simulator.client import Refused
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, PASSING, UNKNOWN
from tests.tollway.identified import Roads
from tests.tollway.identity.issuer import rsa_key, signed
from tests.tollway.issuers.provider import Provider, providing
from tests.tollway.road import Road
from tollway import clock, paths
from tollway.cli import cli
from tollway.hooks.inject import Inject
from tollway.hooks.meter import Meter
from tollway.texts.file import beside
from tollway.texts.reader import TextReader

PROMPT = f"a-prompt-{os.urandom(8).hex()}"
COMPANY, IN_FILE, PRINTED, THEIRS = (f"made-up-{os.urandom(12).hex()}" for _ in range(4))


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An identity provider."""
    with providing() as found:
        yield found


def policy(provider: Provider, folder: Path) -> str:
    """One that has to do with secrets of every kind."""
    issuer = f'issuer: "{provider.issuer}", audience: tollway'
    return f"""
identity:
  - proxy_jwt: {{{issuer}}}
  - header_jwt: {{header: x-token, {issuer}}}
  - virtual_keys: true
  - api_keys: {{file: '{folder / "keys.yaml"}'}}
  - provider_token: {{claims: {{user: email}}}}
claims: {{user: email, cost_center: department}}
anonymous: allow
credentials:
  openai: {{inject: env:COMPANY_KEY}}
  anthropic: {{inject: 'file:{folder / "company.key"}'}}
  gemini: {{inject: 'command:cat {folder / "printed"}'}}
  mistral: {{inject: env:NO_SUCH_KEY}}
limits: [{{name: all, per: user, amount: 100 USD, window: day}}]
"""


def token(provider: Provider, key: str = "a", **claims: object) -> str:
    now = int(clock.now())
    said = {"iss": provider.issuer, "aud": "tollway", "exp": now + 600, "email": "ann@example.com", **claims}
    return signed(said, rsa_key(key), header={"kid": "a"})


async def calls(road: Road, tokens: dict[str, str], virtual: str, prompt: str = PROMPT) -> list[str]:
    """What callers hear: of calls that pass, that are refused, and that fail."""
    heard: list[str] = []
    body = {**CHAT.body, "messages": [{"role": "user", "content": prompt}]}
    shown: list[dict[str, str]] = [
        {"authorization": f"Bearer {THEIRS}"},
        {"authorization": f"Bearer {virtual}"},
        {"x-token": tokens["good"]},
        {"x-token": tokens["forged"]},
        {"authorization": f"Bearer {tokens['good']}"},
        {"x-api-key": f"{virtual[:-1]}x"},
    ]
    async with road.client() as client:
        for headers in shown:
            for call in (CHAT, CLAUDE, GEMINI, UNKNOWN, PASSING):
                content = body if call is CHAT else call.body
                url = f"{call.url}{'&' if '?' in call.url else '?'}key={THEIRS}"
                answer = await client.post(url, json=content, headers=headers)
                heard.append(f"{answer.status_code} {answer.headers} {answer.text}")
    for text in tokens.values():
        login = base64.b64encode(f"jwt:{text}".encode()).decode()
        try:
            (await road.raw(shows=(("Proxy-Authorization", f"Basic {login}"),))).close()
        except Refused as refused:
            heard.append(f"{refused.response.headers} {refused.response.body!r}")
    return heard


def is_clients(logger: str) -> bool:
    """Whether a logger is that of the client, which is the test's own."""
    return logger.startswith(("httpx", "httpcore"))


def kept(ledger: Path) -> str:
    """Ledger and data folder, but for what is a secret there, byte for byte, and what reports say."""
    files = [*ledger.parent.glob(f"{ledger.name}*"), *paths.data_dir().rglob("*")]
    files = [file for file in files if file.is_file() and file.suffix not in (".pem", ".key")]
    said = [
        CliRunner().invoke(cli, [*words, "--ledger", f"sqlite:{ledger}"]).output
        for words in (["report", "--by", "user,credential,program"], ["budgets"], ["key", "list"])
    ]
    return " ".join([*(file.read_bytes().decode("latin-1") for file in files), *said])


def secrets_in(
    provider: Provider, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, str], str]:
    """Put the operator's keys where the policy looks for them; tokens to show, and a key of Tollway's."""
    monkeypatch.setenv("COMPANY_KEY", COMPANY)
    (folder / "company.key").write_text(IN_FILE)
    (folder / "printed").write_text(PRINTED)
    fingerprint = CliRunner().invoke(cli, ["key", "fingerprint"], input=THEIRS).stdout.strip()
    (folder / "keys.yaml").write_text(f"{fingerprint}: {{user: ann}}\n")
    words = ["key", "create", "--user", "ann", "--ledger", f"sqlite:{folder / 'ledger.db'}"]
    virtual = CliRunner().invoke(cli, words).stdout.strip()
    tokens = {
        "good": token(provider),
        "forged": token(provider, key="evil"),
        "expired": token(provider, exp=1),
        "foreign": token(provider, iss="https://other.example"),
        "huge": token(provider, x="x" * 20_000),
    }
    return tokens, virtual


def forms(tokens: dict[str, str], virtual: str) -> list[str]:
    """All that is secret, but for the prompt, and the parts that tell enough of it."""
    secrets = [COMPANY, IN_FILE, PRINTED, THEIRS, virtual, virtual[:-1], *tokens.values()]
    secrets += [part for text in tokens.values() for part in text.split(".") if len(part) > 40]
    return secrets + [base64.b64encode(f"jwt:{text}".encode()).decode() for text in tokens.values()]


@pytest.mark.parametrize("crashes", [None, Inject, Meter], ids=["works", "crashes early", "crashes late"])
async def test_nothing_that_is_secret_is_seen_anywhere(
    roads: Roads,
    provider: Provider,
    tmp_path: Path,
    crashes: type | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    tokens, virtual = secrets_in(provider, tmp_path, monkeypatch)
    if crashes is not None:

        def crash(self: object, flow: object) -> None:
            raise RuntimeError(f"what was shown: {flow.request.headers}")  # type: ignore[attr-defined]

        monkeypatch.setattr(crashes, "requestheaders", crash, raising=False)

    async with roads(policy(provider, tmp_path)) as road:
        heard = await calls(road, tokens, virtual)
        rows = await road.rows()

    logged = " ".join(caplog.handler.format(each) for each in caplog.records if not is_clients(each.name))
    everything = " ".join([*heard, repr(rows), logged, kept(tmp_path / "ledger.db")])
    secrets = [PROMPT, *forms(tokens, virtual)]
    found = [secret[:12] for secret in secrets if secret in everything]
    assert found == []
    assert ("RuntimeError" in caplog.text) is (crashes is not None)
    if crashes is None:  # else all this would show nothing
        assert {"200", "401", "403"} <= {text[:3] for text in heard}
        sent = str([seen.headers for seen in road.sim.seen])
        assert all(key in sent for key in (COMPANY, IN_FILE, PRINTED))
        assert {"api_keys", "virtual_keys", "header_jwt"} <= {row.identity for row in rows}


async def test_where_texts_are_kept_the_prompt_is_and_nothing_that_is_secret(
    roads: Roads,
    provider: Provider,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even where callers write all of it into their prompts, and the provider repeats it."""
    caplog.set_level(logging.DEBUG)
    tokens, virtual = secrets_in(provider, tmp_path, monkeypatch)
    prompt = f"{PROMPT} {THEIRS} {virtual} {' '.join(tokens.values())}, and {COMPANY}"

    async with roads(policy(provider, tmp_path) + "record: [{}]\n") as road:
        road.sim.scenario = Scenario(text=prompt, events=1)
        await calls(road, tokens, virtual, prompt)
        rows = await road.rows()

    with closing(TextReader(beside(tmp_path / "ledger.db"))) as reader:
        texts = [text for row in rows for text in reader.of(row.id, 0)]
    said = " ".join((text.body or b"").decode() for text in texts)
    logged = " ".join(caplog.handler.format(each) for each in caplog.records if not is_clients(each.name))
    everything = " ".join([said, logged, kept(tmp_path / "ledger.db")])
    assert [secret[:12] for secret in forms(tokens, virtual) if secret in everything] == []
    assert said.count(PROMPT) > 10
    assert {text.part for text in texts} == {"request", "response"}
    assert PROMPT not in logged
