"""Step 5, over real sockets: no other name, path or form is a way around a rule."""

from typing import Any

import pytest

from tests.tollway.calls import CLAUDE, GEMINI, TALK, Call
from tests.tollway.hooks.denied import Roads, post, roads

__all__ = ["roads"]

OPUS = "access: [{name: opus, deny: {model: claude-opus-4-8}}]"
CHAT_AT_OPENROUTER = "/api/v1/chat/completions"


def at_openrouter(**body: Any) -> Call:
    return Call("openrouter.ai", CHAT_AT_OPENROUTER, {"messages": TALK, **body})


def at_anthropic(**body: Any) -> Call:
    return Call(CLAUDE.host, CLAUDE.path, {"max_tokens": 64, "messages": TALK, **body})


def at_bedrock(model: str, action: str = "converse") -> Call:
    body = {"messages": [{"role": "user", "content": [{"text": "hi"}]}]}
    return Call("bedrock-runtime.us-east-1.amazonaws.com", f"/model/{model}/{action}", body)


EVASIONS = [
    at_anthropic(model="CLAUDE-OPUS-4-8"),
    at_anthropic(model="claude-opus-4-8-20260528"),
    at_anthropic(model="claude-opus-4-8[1m]"),
    at_anthropic(model="claude-haiku-4-5", fallbacks=[{"model": "claude-opus-4-8"}]),
    at_anthropic(
        model="claude-haiku-4-5",
        tools=[{"type": "advisor_20260301", "name": "a", "model": "claude-opus-4-8"}],
    ),
    at_anthropic(Model="claude-opus-4-8", model="claude-haiku-4-5"),
    at_anthropic(),
    at_openrouter(model="anthropic/claude-opus-4.8"),
    at_openrouter(model="anthropic/claude-4.8-opus-20260528"),
    at_openrouter(model="~anthropic/claude-opus-4.8:nitro"),
    at_openrouter(model="anthropic/claude-opus-4.8-fast"),
    at_openrouter(model="anthropic/claude-opus-4.8:batch"),
    at_openrouter(model="openrouter/auto"),
    at_openrouter(model="@preset/mine"),
    at_openrouter(model="openai/gpt-5", models=["anthropic/claude-opus-4.8"]),
    at_openrouter(models=["openai/gpt-5", "anthropic/claude-opus-4.8"]),
    at_openrouter(model="openai/gpt-5", preset="mine"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1%3A0"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0", "invoke"),
    at_bedrock("us.anthropic.claude-opus-4-8-v1:0", "converse-stream"),
    at_bedrock("us.anthropic.cl%61ude-opus-4-8-v1:0"),
    at_bedrock("arn:aws:bedrock:us-east-1:1:inference-profile%2Fus.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("arn:aws:bedrock:us-east-1:1:application-inference-profile%2Fa1b2c3"),
    at_bedrock("x/../us.anthropic.claude-opus-4-8-v1:0"),
    at_bedrock("anthropic.claude-haiku-4-5%2F..%2Fanthropic.claude-opus-4-8-v1:0"),
]
"""Ways to ask for a model that is denied."""


async def test_a_model_that_is_denied_can_not_be_asked_for_by_another_name(roads: Roads) -> None:
    async with roads(OPUS) as road, road.client() as client:
        got_by = [call for call in EVASIONS if (await post(client, call)).status_code != 403]

        assert got_by == []
        assert road.sim.seen == []


PRO = "access: [{name: pro, deny: {model: gemini-2.5-pro}}]"
FLASH = "/v1beta/models/gemini-2.5-flash:generateContent"
PATHS = [
    "/v1beta/models/gemini-2.5-pro:generateContent",
    "/v1beta/models/Gemini-2.5-Pro:generateContent",
    "/v1beta/models/gemini-2.5-pro-preview-05-06:generateContent",
    "/v1beta/models/gemini-pro-latest:generateContent",
    "/v1beta/models/gemini-2%2E5-pro:generateContent",
    "/v1beta/models/gemini-2.5-pro%3AgenerateContent",
    "/v1beta/models/gemini-2.5-flash%2F..%2Fgemini-2.5-pro:generateContent",
    "/v1beta/models/x:generateContent/../gemini-2.5-pro:generateContent",
    f"{FLASH}#/../gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-flash%3F/../gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-flash\\..\\gemini-2.5-pro:generateContent",
    "/v1beta//models/./gemini-2.5-pro:generateContent",
    "/v1beta/models/gemini-2.5-pro:batchGenerateContent",
    "/v1beta/models/gemini-2.5-flash:batchGenerateContent",
    "/v1beta/openai/chat/completions",
    "/v1beta/tunedModels/1234:generateContent",
]
"""Paths by which it may be reached."""


async def test_a_model_that_is_denied_is_not_reached_by_another_path(roads: Roads) -> None:
    async with roads(PRO) as road:
        got_by = []
        for path in PATHS:
            raw = await road.raw(GEMINI.host)
            await raw.send(Call(GEMINI.host, path, GEMINI.body).http1())
            got_by += [path] if (await raw.response()).status not in (400, 403) else []
            raw.close()

        assert got_by == []
        assert road.sim.seen == []


async def test_a_path_and_a_body_may_not_name_different_models(roads: Roads) -> None:
    async with roads(PRO) as road, road.client() as client:
        flash = Call(GEMINI.host, FLASH, GEMINI.body)
        both = Call(GEMINI.host, FLASH, GEMINI.body | {"model": "models/gemini-2.5-pro"})
        routed = Call(
            GEMINI.host, FLASH, GEMINI.body | {"generationConfig": {"routingConfig": {"autoMode": {}}}}
        )

        assert [(await post(client, call)).status_code for call in (flash, both, routed)] == [200, 403, 403]


WHISPER = "access: [{name: whisper, deny: {model: whisper-1}}]"
TRANSCRIBE = "https://api.openai.com/v1/audio/transcriptions"


def form(*heads: str) -> bytes:
    """A form with a sound and these heads of fields, the last of which has the model that is denied."""
    texts = ["gpt-4o-mini-transcribe"] * (len(heads) - 1) + ["whisper-1"]
    fields = [
        f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n"
        for head, text in zip(heads, texts, strict=True)
    ]
    sound = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n'
    return "".join([*fields, sound, "--b--\r\n"]).encode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (form('name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', 'name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', "name=model"), "multipart/form-data; boundary=b"),
        (form('name="model"', 'name="x"; name="model"'), "multipart/form-data; boundary=b"),
        (form('name="model"', "name*=utf-8''model"), "multipart/form-data; boundary=b"),
        (form('name="model"'), "multipart/form-data; boundary=c; boundary=b"),
        (form('name="model"'), "application/json"),
        (b'{"model": "whisper-1"}', "multipart/form-data; boundary=b"),
    ],
)
async def test_a_form_is_no_way_around_a_rule(roads: Roads, body: bytes, kind: str) -> None:
    async with roads(WHISPER) as road, road.client() as client:
        answer = await client.post(TRANSCRIBE, content=body, headers={"content-type": kind})

        assert answer.status_code in (400, 403)
        assert road.sim.seen == []


async def test_models_that_are_not_denied_are_not_taken_for_it(roads: Roads) -> None:
    calls = [
        at_anthropic(model="claude-haiku-4-5"),
        at_anthropic(model="claude-opus-4-1-20250805"),
        at_openrouter(model="anthropic/claude-opus-4.5", models=["openai/gpt-5"]),
        at_bedrock("us.anthropic.claude-opus-4-5-20251101-v1:0"),
    ]
    async with roads(OPUS) as road, road.client() as client:
        assert [(await post(client, call)).status_code for call in calls] == [200] * len(calls)


FORGED = [
    b'{"model": "claude-opus-4-8", "model": "claude-haiku-4-5"}',
    b'{"model": "claude-haiku-4-5", "\\u006dodel": "claude-opus-4-8"}',
    b'{"model": "claude-haiku-4-5", "fallbacks": [{"model": "claude-opus-4-8"}], "fallbacks": []}',
    b'\xef\xbb\xbf{"model": "claude-opus-4-8"}',
    b'{"model": "claude-opus-4-8",}',
    b'/* */{"model": "claude-opus-4-8"}',
    b'[{"model": "claude-opus-4-8"}]',
    b'{"model": "claude-haiku-4-5"}{"model": "claude-opus-4-8"}',
    '{"model": "claude-opus-4-8"}'.encode("utf-16"),
    b"",
]
"""Bodies in which a reader may find a model that another does not."""


async def test_a_body_in_which_readers_may_differ_does_not_leave(roads: Roads) -> None:
    async with roads(OPUS) as road, road.client() as client:
        answers = [await client.post(CLAUDE.url, content=body) for body in FORGED]
        coded = await client.post(CLAUDE.url, content=CLAUDE.content, headers={"content-encoding": "snappy"})

        assert {answer.status_code for answer in (*answers, coded)} == {400, 403}
        assert road.sim.seen == []
