"""A request that moves takes along its body, and nothing that tells another host who sent it."""

import secrets
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.identity.credential import HEADERS, OTHERS
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.routing.place import Place, place
from tollway.routing.resolve import Target
from tollway.routing.rewrite import Moved, Sent, moved

REGISTRY = load()
KEY, OWN = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
BODY = (
    b'{ "model" : "claude-opus-4-8", "max_tokens":1e3,\n "messages":[{"role":"user","content":"\\u00e9"}] }'
)
MESSAGES = "api.anthropic.com/v1/messages"
CHAT = "api.openai.com/v1/chat/completions"


def there(url: str, to: str) -> Place:
    host, _, path = url.partition("/")
    now = recognise(REGISTRY, host, 443, "POST", "/" + path)
    assert now is not None
    provider, _, model = to.partition("/")
    found = place(REGISTRY, now, 443, "POST", "/" + path, Target(provider, model))
    assert isinstance(found, Place), found
    return found


def send(
    url: str, to: str, body: bytes = BODY, headers: dict[str, str] | None = None, key: str | None = OWN
) -> Moved | str:
    parsed = orjson.loads(body) if body.startswith((b"{", b" ")) else {}
    sent = Sent(path="/" + url.partition("/")[2], headers=headers or {}, body=body, parsed=parsed)
    return moved(sent, there(url, to), key)


def sure(url: str, to: str, body: bytes = BODY, headers: dict[str, str] | None = None) -> Moved:
    found = send(url, to, body, headers)
    assert isinstance(found, Moved), found
    return found


def applied(found: Moved, headers: dict[str, str]) -> dict[str, str]:
    """The headers as they leave."""
    return {n: v for n, v in headers.items() if n not in found.remove} | dict(found.set)


def test_on_the_same_host_only_the_model_changes() -> None:
    """Every other byte stays, and so does the caller's credential."""
    headers = {"x-api-key": KEY, "anthropic-beta": "a-1, b-2", "cookie": "a=b", "x-app": "cli"}
    found = sure(f"{MESSAGES}?beta=true", "anthropic/claude-sonnet-5", headers=headers)

    assert found.body == BODY.replace(b"claude-opus-4-8", b"claude-sonnet-5")
    assert (found.host, found.port, found.path) == ("api.anthropic.com", 443, "/v1/messages?beta=true")
    assert (found.set, found.remove, found.same_host) == ({}, (), True)
    assert (found.endpoint.provider, found.model) == ("anthropic", "claude-sonnet-5")


def test_the_model_changes_in_the_path_where_that_has_it() -> None:
    """The query stays as it is; the body has no model to begin with."""
    url = "generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:streamGenerateContent"
    body = b'{"contents":[]}'
    found = sure(f"{url}?alt=sse&key={KEY}", "gemini/gemini-3-flash", body)

    assert found.path == f"/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse&key={KEY}"
    assert found.body == body


def test_a_translated_request_takes_nothing_of_the_first_format_along() -> None:
    """Neither headers nor query; its answer is asked for uncoded, since it is read anyway."""
    headers = {
        "x-api-key": KEY, "anthropic-version": "2023-06-01", "anthropic-beta": "a-1",
        "user-agent": "claude-cli", "accept": "application/json", "accept-encoding": "gzip",
        "content-type": "application/json",
    }  # fmt: skip
    found = sure(f"{MESSAGES}?beta=true", "openai/gpt-4o", headers=headers)

    assert applied(found, headers) == {
        "authorization": f"Bearer {OWN}", "user-agent": "claude-cli", "accept": "application/json",
        "accept-encoding": "identity", "content-type": "application/json",
    }  # fmt: skip
    assert (found.host, found.path, found.same_host) == ("api.openai.com", "/v1/chat/completions", False)
    assert orjson.loads(found.body) == {
        "model": "gpt-4o", "max_tokens": 1000, "messages": [{"role": "user", "content": "é"}],
    }  # fmt: skip
    assert found.tools == {}
    assert sure(MESSAGES, "anthropic/claude-haiku-4-5").tools is None


def test_what_the_target_s_model_refuses_is_left_out_of_a_translation_too() -> None:
    body = orjson.dumps({**orjson.loads(BODY), "temperature": 0.5})

    assert "temperature" in orjson.loads(sure(MESSAGES, "openai/gpt-4o", body).body)
    assert "temperature" not in orjson.loads(sure(MESSAGES, "openai/gpt-5-mini", body).body)


def test_what_can_not_be_translated_has_a_reason() -> None:
    body = orjson.dumps({**orjson.loads(BODY), "top_k": 5})

    assert send(MESSAGES, "openai/gpt-4o", body) == "top_k: OpenAI Chat has nothing like it"


@pytest.mark.parametrize(
    ("url", "to", "body", "after"),
    [
        (
            "r.openai.azure.com/openai/deployments/a/chat/completions", "azure/b",
            b'{"model":"a","n":1}', b'{"model":"b","n":1}',
        ),
        (
            "generativelanguage.googleapis.com/v1beta/models/a:embedContent", "gemini/b",
            b'{"model":"models/a"}', b'{"model":"models/b"}',
        ),
        (
            "us-south.ml.cloud.ibm.com/ml/v1/text/chat", "watsonx/b",
            b'{"model_id":"a","messages":[]}', b'{"model_id":"b","messages":[]}',
        ),
        (
            "r.openai.azure.com/openai/deployments/a/chat/completions", "openai/b",
            b'{"n":1}', b'{"model":"b","n":1}',
        ),
        (CHAT, "openai/b", b'{"model":7}', b'{"model":"b"}'),
        (CHAT, "openai/b", b'{"model":"a","model":"c"}', b'{"model":"b","model":"b"}'),
    ],
)  # fmt: skip
def test_the_model_is_named_where_the_format_has_it(url: str, to: str, body: bytes, after: bytes) -> None:
    assert sure(url, to, body).body == after


def test_what_the_model_refuses_is_left_out() -> None:
    body = (
        b'{"model":"claude-opus-4-8","thinking":{"type":"adaptive"},"output_config":{"effort":"low","x":1}}'
    )
    headers = {"x-api-key": KEY, "anthropic-beta": "context-1m-2025-08-07,effort-2025-11-24"}
    found = sure(MESSAGES, "anthropic/claude-haiku-4-5", body, headers)

    assert found.body == b'{"model":"claude-haiku-4-5","output_config":{"x":1}}'
    assert applied(found, headers) == {"x-api-key": KEY, "anthropic-beta": "effort-2025-11-24"}
    alone = {"anthropic-beta": "context-1m-2025-08-07"}
    assert applied(sure(MESSAGES, "anthropic/claude-haiku-4-5", body, alone), alone) == {}


def test_what_can_not_be_left_out_is_a_reason() -> None:
    body = b'{"thinking":{"type":"enabled","budget_tokens":4096}}'

    assert (
        send(MESSAGES, "anthropic/claude-opus-5", body)
        == "thinking: claude-opus-5 takes no budget of thoughts"
    )


def test_another_host_gets_its_own_credential_in_its_own_form() -> None:
    headers = {
        "host": "api.deepseek.com", "content-length": "9", "content-encoding": "zstd", "authorization": KEY,
        "anthropic-version": "2023-06-01", "anthropic-beta": "oauth-2025-04-20,x-1",
        "content-type": "application/json", "x-stainless-os": "Linux", "openai-organization": "org",
        "cookie": "a=b",
    }  # fmt: skip
    url = "api.deepseek.com/anthropic/v1/messages?beta=true&x=1"
    found = sure(url, "anthropic/claude-haiku-4-5", headers=headers)

    assert (found.host, found.port, found.path) == ("api.anthropic.com", 443, "/v1/messages?beta=true")
    assert found.body == BODY.replace(b"claude-opus-4-8", b"claude-haiku-4-5")
    assert not found.same_host
    assert applied(found, headers) == {
        "host": "api.deepseek.com", "content-length": "9", "content-encoding": "zstd",
        "anthropic-version": "2023-06-01", "anthropic-beta": "x-1", "content-type": "application/json",
        "x-api-key": OWN,
    }  # fmt: skip
    back = sure(MESSAGES, "deepseek/deepseek-chat", headers={"x-api-key": KEY, "anthropic-beta": "x-1"})
    assert applied(back, {"x-api-key": KEY, "anthropic-beta": "x-1"}) == {"authorization": f"Bearer {OWN}"}
    assert back.path == "/anthropic/v1/messages"


def test_a_log_in_alone_leaves_no_beta_header() -> None:
    headers = {"authorization": f"Bearer {KEY}", "anthropic-beta": "oauth-2025-04-20"}
    found = sure("api.deepseek.com/anthropic/v1/messages", "anthropic/claude-haiku-4-5", headers=headers)

    assert applied(found, headers) == {"x-api-key": OWN}


def test_without_a_credential_another_host_is_not_asked() -> None:
    assert send(CHAT, "groq/m", key=None) == "no credential is known for groq"
    assert send(CHAT, "groq/m", key="a\r\nb: c") == "the credential for groq fits into no header"
    assert isinstance(send(CHAT, "openai/m", key=None), Moved)


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", {
            "authorization": "AWS4-HMAC-SHA256 Credential=A/B, SignedHeaders=host;x-amz-date, Signature=0"
        }),
        ("bedrock-runtime.us-east-1.amazonaws.com/model/m/converse?X-Amz-Signature=00", {}),
    ],
)  # fmt: skip
def test_what_is_signed_does_not_move(url: str, headers: dict[str, str]) -> None:
    found = send(url, "bedrock/n", b"{}", headers)

    assert found == "it is signed, and a signature covers what would change"


@pytest.mark.parametrize("body", [b"--x\r\n\r\n--x--", b"[]", b"", b"{"])
def test_what_is_no_json_object_does_not_move(body: bytes) -> None:
    """A form, say."""
    sent = Sent(path="/v1/audio/transcriptions", headers={}, body=body, parsed={"model": "a"})

    assert (
        moved(sent, there("api.openai.com/v1/audio/transcriptions", "openai/b"))
        == "its body is no JSON object"
    )


def test_neither_credentials_nor_bodies_are_shown() -> None:
    headers = {"x-api-key": KEY}
    found = sure(CHAT, "groq/m", headers=headers)
    sent = Sent(path=f"/v1?key={KEY}", headers=headers, body=BODY, parsed={})

    assert repr(found) == "Moved(groq/m at api.groq.com:443/openai/v1/chat/completions)"
    assert repr(sent) == f"Sent({len(BODY)} bytes)"


SECRETS = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_.+/= ", min_size=8, max_size=40).map(
    lambda text: f"k9{text}9k"
)
PLACES = [
    "accept",
    "user-agent",
    "content-type",
    "anthropic-version",
    "anthropic-beta",
    "x-any",
    *HEADERS,
    *OTHERS,
]
FORMS = ["{}", "Bearer {}", "Basic {}", "a=b; session={}", "claude-cli/2 ({})", "x-1,{}"]
MOVES = [
    (CHAT, "groq/m"), (CHAT, "gemini/m"), (MESSAGES, "openrouter/m"),
    ("api.deepseek.com/anthropic/v1/messages", "anthropic/claude-haiku-5-5"),
]  # fmt: skip


@given(
    st.sampled_from(MOVES),
    SECRETS,
    st.dictionaries(st.sampled_from(PLACES), st.sampled_from(FORMS)),
    st.sampled_from([*HEADERS, "cookie", "key", "api-key", "access_token"]),
    st.sets(st.sampled_from(["key", "alt", "beta", "api-key", "subscription-key", "x"])),
)
def test_nothing_of_the_first_credential_goes_to_another_host(
    move: tuple[str, str], secret: str, spread: dict[str, str], real: str, parameters: set[str]
) -> None:
    """Wherever the caller put it, and wherever else it stands by mistake."""
    headers: dict[str, Any] = {name: form.format(secret) for name, form in spread.items()}
    query = [f"{name}={quote(secret, safe='')}" for name in sorted(parameters)]
    if real in HEADERS:
        headers[real] = f"Bearer {secret}"
    elif real == "cookie":
        headers[real] = f"session={secret}"
    else:
        query.append(f"{real}={quote(secret, safe='')}")
    url, to = move
    found = sure(f"{url}?{'&'.join(query)}", to, b'{"model":"a"}', headers)
    left = [found.path, *applied(found, headers).values()]

    assert all(form not in text for text in left for form in (secret, quote(secret, safe="")))
    assert found.set[there(url, to).key_header].removeprefix("Bearer ") == OWN
