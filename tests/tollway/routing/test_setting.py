"""What a rule sets is said in the words of the dialect, and no other byte changes."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Endpoint, Kind
from tollway.routing.setting import Changed, Value, changed
from tollway.wire import DIALECTS

MODELS = {
    "openai_chat": ("openai", "gpt-4o"),
    "openai_responses": ("openai", "gpt-5"),
    "anthropic_messages": ("anthropic", "claude-sonnet-4-5"),
    "gemini": ("gemini", "gemini-2.5-flash"),
}


def put(
    dialect: str, body: bytes, provider: str = "", operation: str = "chat", same: bool = True, **set: Value
) -> Changed | str:
    """What becomes of a body."""
    endpoint = Endpoint(
        kind=Kind.INFERENCE,
        provider=provider or MODELS[dialect][0],
        host="x",
        operation=operation,
        dialect=dialect,
        model=MODELS["gemini"][1] if dialect == "gemini" else None,
    )
    parsed = orjson.loads(body)
    asked = DIALECTS[dialect].read_request(endpoint, parsed)
    return changed(endpoint, asked, body, parsed, tuple(set.items()), same)


def of(dialect: str, said: dict[str, Any], **more: Any) -> dict[str, Any] | str:
    """What is in a body after that; a text: why nothing is."""
    model = {} if dialect == "gemini" else {"model": MODELS[dialect][1]}
    found = put(dialect, orjson.dumps({**model, **said}), **more)
    if isinstance(found, str):
        return found
    return {name: value for name, value in orjson.loads(found.body).items() if name != "model"}


EVERY: dict[str, Value] = {
    "reasoning_effort": "low",
    "temperature": 0.2,
    "top_p": 0.5,
    "presence_penalty": -1,
    "frequency_penalty": 1.5,
    "seed": 7,
    "verbosity": "low",
    "service_tier": "flex",
    "max_output_tokens": 4096,
}


def test_chat_has_them_by_their_own_names() -> None:
    """An effort is for models that reason: this one does not."""
    assert of("openai_chat", {}, **{**EVERY, "verbosity": "drop"}) == {
        "temperature": 0.2, "top_p": 0.5, "presence_penalty": -1, "frequency_penalty": 1.5, "seed": 7,
        "service_tier": "flex", "max_tokens": 4096,
    }  # fmt: skip


def test_responses_have_some_inside_of_others() -> None:
    """Sampling is for models that do not reason: this one does."""
    body = {"reasoning": {"effort": "high", "summary": "auto"}, "text": None}
    said = {name: EVERY[name] for name in ("reasoning_effort", "temperature", "verbosity", "service_tier")}

    assert of("openai_responses", body, **said, max_output_tokens=9) == {
        "reasoning": {"effort": "low", "summary": "auto"}, "text": {"verbosity": "low"},
        "service_tier": "flex", "max_output_tokens": 16,
    }  # fmt: skip


def test_gemini_has_them_in_its_configuration_in_any_spelling() -> None:
    body = {"generation_config": {"top_p": 0.9, "seed": 1}, "service_tier": "standard"}
    said = {name: value for name, value in EVERY.items() if name != "verbosity"}

    assert of("gemini", body, **said, top_k=4) == {
        "generation_config": {
            "thinkingConfig": {"thinkingBudget": 1024}, "temperature": 0.2, "top_p": 0.5, "topK": 4,
            "seed": 7,
            "presencePenalty": -1, "frequencyPenalty": 1.5, "maxOutputTokens": 4096,
        },
        "service_tier": "flex",
    }  # fmt: skip


def test_claude_takes_no_sampling_beside_thoughts_and_of_two_ways_one() -> None:
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 9000}, "max_tokens": 10_000}
    plain = {"max_tokens": 100}

    assert of("anthropic_messages", thinking, temperature=0.2, top_k=3) == thinking
    assert of("anthropic_messages", plain, temperature=0.2, top_k=3) == {
        **plain,
        "temperature": 0.2,
        "top_k": 3,
    }
    assert of("anthropic_messages", {**plain, "top_p": 0.9}, temperature=0.2) == {**plain, "top_p": 0.9}
    assert of("anthropic_messages", {**plain, "top_p": 0.9}, temperature=0.2, top_p="drop") == {
        **plain, "temperature": 0.2,
    }  # fmt: skip
    assert of("anthropic_messages", thinking, reasoning_effort="none", temperature=0.2) == {
        "thinking": {"type": "disabled"}, "max_tokens": 10_000, "temperature": 0.2,
    }  # fmt: skip


def test_a_maximum_goes_no_lower_than_thoughts_let_it() -> None:
    """Once their own budget is what the rule says of them."""
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 9000}, "max_tokens": 20_000}

    assert of("anthropic_messages", thinking, max_output_tokens=4096) == {**thinking, "max_tokens": 9001}
    assert of("anthropic_messages", thinking, reasoning_effort="high", max_output_tokens=4096) == {
        "thinking": {"type": "enabled", "budget_tokens": 4095}, "max_tokens": 4096,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "tier", "said"),
    [
        ("openai", "standard", "default"),
        ("azure", "priority", "priority"),
        ("groq", "standard", "on_demand"),
        ("groq", "priority", "performance"),
    ],
)
def test_a_tier_is_called_as_its_provider_calls_it(provider: str, tier: str, said: str) -> None:
    assert of("openai_chat", {}, provider=provider, service_tier=tier) == {"service_tier": said}


def test_what_is_dropped_is_gone_and_what_was_not_there_is_no_reason() -> None:
    body = {"temperature": 1, "reasoning_effort": "high", "top_p": None}

    dropped = dict.fromkeys([*EVERY, "top_k"], "drop")
    del dropped["max_output_tokens"]
    assert of("openai_chat", body, **dropped) == {}


@pytest.mark.parametrize(
    ("dialect", "more", "why"),
    [
        ("openai_chat", {"top_k": 4}, "set top_k: openai_chat has none"),
        ("anthropic_messages", {"seed": 4}, "set seed: anthropic_messages has none"),
        ("anthropic_messages", {"temperature": 1.5}, "set temperature: anthropic_messages takes 1 at most"),
        ("anthropic_messages", {"service_tier": "flex"}, "set service_tier: anthropic has no flex"),
        ("openai_chat", {"provider": "corp", "service_tier": "flex"}, "set service_tier: corp has no flex"),
        (
            "openai_chat", {"operation": "moderation", "seed": 1},
            "set: nothing says how openai_chat (moderation) has it",
        ),
    ],
)  # fmt: skip
def test_what_has_no_word_for_it_is_no_target(dialect: str, more: dict[str, Any], why: str) -> None:
    assert of(dialect, {}, **more) == why


def test_another_dialect_is_no_target() -> None:
    assert put("ollama", b"{}", "ollama", seed=1) == "set: nothing says how ollama (chat) has it"


@pytest.mark.parametrize(
    ("dialect", "body", "set", "why"),
    [
        ("openai_responses", {"text": []}, {"verbosity": "low"}, "set verbosity: what has it in the body is"),
        ("gemini", {"generationConfig": 1}, {"max_output_tokens": 9}, "set max_output_tokens: nothing"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_what_it_should_be_is_left_alone(
    dialect: str, body: dict[str, Any], set: dict[str, Value], why: str
) -> None:
    found = of(dialect, body, **set)

    assert isinstance(found, str)
    assert found.startswith(why)


def test_what_made_no_difference_is_not_named() -> None:
    found = put("openai_chat", b'{"model":"gpt-5","temperature":1,"seed":7}', temperature=0.2, seed=7)

    assert isinstance(found, Changed)
    assert found.names == ()
    assert repr(put("openai_chat", b'{"model":"gpt-4o"}', temperature=0.2)) == "Changed(temperature)"


OTHERS = st.dictionaries(
    st.sampled_from(["model", "messages", "tools", "stream", "x", "é"]), st.text(max_size=4), max_size=4
)
SPACE = st.sampled_from(["", " ", "\n\t"])


@given(
    dialect=st.sampled_from(sorted(MODELS)),
    others=OTHERS,
    space=SPACE,
    names=st.sets(st.sampled_from(["temperature", "reasoning_effort", "service_tier", "max_output_tokens"])),
    drops=st.booleans(),
    maximum=st.none() | st.integers(1, 10_000),
    most=st.integers(1, 10_000),
)
def test_all_other_bytes_stay_and_no_maximum_is_raised(
    dialect: str,
    others: dict[str, str],
    space: str,
    names: set[str],
    drops: bool,
    maximum: int | None,
    most: int,
) -> None:
    """Members that the settings do not name are there as they were written, in their order."""
    field = {"openai_chat": "max_tokens", "openai_responses": "max_output_tokens"}.get(dialect, "max_tokens")
    own = {field: maximum} if maximum is not None and dialect != "gemini" else {}
    config = {"generationConfig": {"maxOutputTokens": maximum, "topK": 3}} if dialect == "gemini" else {}
    before = {**others, "model": MODELS[dialect][1], **own, **config}
    written = {
        name: f"{json.dumps(name)}{space}:{space}{json.dumps(value)}" for name, value in before.items()
    }
    body = ("{" + f"{space},{space}".join(written.values()) + "}").encode()
    values: dict[str, Value] = {
        "temperature": 0.5, "reasoning_effort": "low",
        "service_tier": "auto" if dialect != "gemini" else "flex", "max_output_tokens": most,
    }  # fmt: skip
    set: dict[str, Any] = {
        name: "drop" if drops and name != "max_output_tokens" else values[name] for name in sorted(names)
    }

    found = put(dialect, body, **set)

    assert isinstance(found, Changed)
    after = orjson.loads(found.body)
    kept = [name for name in before if name not in own and name not in config]
    assert [name for name in after if name in kept] == kept
    assert all(written[name].encode() in found.body for name in kept)
    said = after.get("generationConfig", {}).get("maxOutputTokens") if config else after.get(field)
    least = max(most, 16) if dialect == "openai_responses" else most
    if "max_output_tokens" not in names:
        assert said == maximum
    else:
        assert said == (least if maximum is None else min(maximum, least))
