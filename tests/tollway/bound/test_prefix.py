"""Marks of a conversation's turns, and the bound that they tighten."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.bound.bound import Bound
from tollway.bound.capacity import UNKNOWN, Capacity
from tollway.bound.prefix import SEAM, SEQUENCES, marks, tightened
from tollway.bound.table import bound_of
from tollway.model import Asked, Endpoint, Kind

LONG = "long " * 4_000
"""20,000 bytes."""
MESSAGES = [
    {"role": "user", "content": LONG},
    {"role": "assistant", "content": "An answer."},
    {"role": "user", "content": "And now?"},
]


def turn(dialect: str, messages: Any, **more: Any) -> dict[str, Any]:
    """A request with these messages."""
    model = {} if dialect == "bedrock_converse" else {"model": "m"}  # there the path has it
    return model | {SEQUENCES[dialect]: messages} | more


def contents(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages as Gemini has them."""
    return [{"role": m["role"], "parts": [{"text": m["content"]}]} for m in messages]


def plain(dialect: str, body: Mapping[str, Any], capacity: Capacity = UNKNOWN) -> Bound:
    endpoint = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h", operation="chat", dialect=dialect)
    bound = bound_of(endpoint, Asked(max_output_tokens=10), body, capacity)
    assert isinstance(bound, Bound), bound
    return bound


def tight(
    dialect: str, body: Mapping[str, Any], known: Mapping[bytes, int], capacity: Capacity = UNKNOWN
) -> int | None:
    """The input of the bound, tightened."""
    found = tightened(
        dialect, plain(dialect, body, capacity), body, marks(dialect, body), known.get, capacity
    )
    return found.usage.input_tokens


def test_each_message_has_a_mark_that_the_next_turn_has_too() -> None:
    first, second = (marks("anthropic_messages", turn("anthropic_messages", MESSAGES[:n])) for n in (1, 3))

    assert len(first) == 1
    assert len(second) == 3
    assert second[0] == first[0]
    assert len(set(second)) == 3


@pytest.mark.parametrize(
    "more",
    [{"system": "another"}, {"tools": [{"name": "t"}]}, {"model": "n"}, {"thinking": {"type": "adaptive"}}],
)
def test_another_head_makes_other_marks(more: dict[str, Any]) -> None:
    body = turn("anthropic_messages", MESSAGES)

    assert not {*marks("anthropic_messages", body)} & {*marks("anthropic_messages", body | more)}


def test_a_message_with_a_plain_text_is_that_text_and_one_with_more_is_not() -> None:
    """Agents write both; what is said beside the text is read, too. Marks of a cache are not."""
    block = {"type": "text", "text": "hi"}
    bodies = [
        turn("anthropic_messages", [{"role": "user", "content": content}])
        for content in (
            "hi",
            [block],
            [{**block, "cache_control": {"type": "ephemeral"}}],
            [{**block, "citations": [1]}],
        )
    ]

    string, plain, marked, cited = (marks("anthropic_messages", body) for body in bodies)

    assert string == plain == marked != cited


def test_an_address_that_is_a_message_by_itself_is_a_text() -> None:
    assert len(marks("openai_responses", turn("openai_responses", ["https://a.example/", "hi"]))) == 2


def test_a_fact_beside_the_body_makes_other_marks() -> None:
    """The model of the path, the betas of the headers."""
    body = turn("gemini", contents(MESSAGES))

    assert marks("gemini", body, "gemini-a") != marks("gemini", body, "gemini-b")
    assert marks("gemini", body, "gemini-a") == marks("gemini", body, "gemini-a")


@pytest.mark.parametrize(
    "more",
    [
        {"stream": True},
        {"max_tokens": 5},
        {"metadata": {"user_id": "u"}},
        {"system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral"}}]},
        {
            "system": [
                {"type": "text", "text": "x-anthropic-billing-header: a=1"},
                {"type": "text", "text": "s"},
            ]
        },
    ],
)
def test_what_no_model_reads_changes_no_mark(more: dict[str, Any]) -> None:
    """A clamp, too."""
    body = turn("anthropic_messages", MESSAGES, system=[{"type": "text", "text": "s"}])

    assert marks("anthropic_messages", body | more) == marks("anthropic_messages", body)


def test_a_system_prompt_that_only_opens_like_a_header_counts() -> None:
    long = [{"type": "text", "text": "x-anthropic-billing-header:" + "a" * 500}, "x", {"text": 3}]

    assert marks("anthropic_messages", turn("anthropic_messages", MESSAGES, system=long)) != marks(
        "anthropic_messages", turn("anthropic_messages", MESSAGES, system=long[1:])
    )


def test_an_output_maximum_of_gemini_changes_no_mark_but_its_schema_does() -> None:
    body, clamped, asking = (
        turn("gemini", contents(MESSAGES), generationConfig=config)
        for config in ({}, {"maxOutputTokens": 5}, {"responseSchema": {"type": "STRING"}})
    )

    assert marks("gemini", clamped) == marks("gemini", body)
    assert marks("gemini", asking) != marks("gemini", body)


def test_marks_of_a_cache_move_from_turn_to_turn_and_do_not_count() -> None:
    """Also where a text becomes a block to carry one."""
    block = {"type": "text", "text": "Hi"}
    texts = [
        "Hi",
        [block],
        [block | {"cache_control": {"type": "ephemeral"}}],
        [block | {"prompt_cache_breakpoint": {"mode": "explicit"}}],
    ]
    found = {
        marks("anthropic_messages", turn("anthropic_messages", [{"role": "user", "content": text}]))
        for text in texts
    }
    points = [[{"text": "Hi"}], [{"text": "Hi"}, {"cachePoint": {"type": "default"}}]]
    converse = {
        marks("bedrock_converse", turn("bedrock_converse", [{"role": "user", "content": point}]))
        for point in points
    }

    assert len(found) == 1
    assert len(converse) == 1


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("openai_embeddings", {"input": ["a"]}),
        ("openai_responses", {"input": "a"}),
        ("anthropic_messages", {"messages": None}),
        ("openai_responses", {"input": [], "truncation": "auto"}),
        (
            "anthropic_messages",
            turn(
                "anthropic_messages", MESSAGES, context_management={"edits": [{"type": "clear_tool_uses_2"}]}
            ),
        ),
        ("anthropic_messages", turn("anthropic_messages", MESSAGES, context_management={"edits": [3]})),
        ("anthropic_messages", turn("anthropic_messages", MESSAGES, context_management={"edits": []})),
        ("openai_responses", {"input": [3], "context_management": [{"type": "compaction"}]}),
        ("openai_chat", turn("openai_chat", [b"a file"])),
    ],
)
def test_where_a_former_report_says_nothing_there_are_no_marks(dialect: str, body: dict[str, Any]) -> None:
    """Results that are cleared, summaries, what is cut off, what has no messages."""
    assert marks(dialect, body) == ()


def test_thoughts_that_are_cleared_leave_the_marks() -> None:
    """As Claude Code asks for by default."""
    edits = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}

    assert (
        len(marks("anthropic_messages", turn("anthropic_messages", MESSAGES, context_management=edits))) == 3
    )
    assert len(marks("openai_responses", turn("openai_responses", MESSAGES, truncation="disabled"))) == 3


@pytest.mark.parametrize(
    ("dialect", "message"),
    [
        ("anthropic_messages", {"content": [{"type": "image", "source": {"url": "https://a/b.png"}}]}),
        (
            "anthropic_messages",
            {"content": [{"type": "tool_result", "content": [{"type": "document", "source": "http://a"}]}]},
        ),
        ("openai_chat", {"content": [{"type": "image_url", "image_url": {"url": "https://a/b.png"}}]}),
        ("openai_responses", {"output": [{"type": "input_image", "image_url": "https://a/b.png"}]}),
        ("gemini", {"parts": [{"fileData": {"fileUri": "gs://a/b"}}]}),
        (
            "bedrock_converse",
            {"content": [{"toolResult": {"content": [{"image": {"source": {"s3": "s3://a/b"}}}]}}]},
        ),
    ],
)
def test_marks_end_where_something_is_fetched(dialect: str, message: dict[str, Any]) -> None:
    """It may be another picture next time."""
    assert len(marks(dialect, turn(dialect, ["text", {"role": "user"}, message, "text"]))) == 2


def test_media_within_the_request_have_marks() -> None:
    """Links within a text are not fetched."""
    image = {"type": "image", "source": {"type": "base64", "data": "AAAA"}}
    text = {"type": "text", "text": 'see "https://a/b"', "more": 1}
    body = turn("anthropic_messages", [{"role": "user", "content": [image, text, "x"]}])

    assert len(marks("anthropic_messages", body)) == 1


@pytest.mark.parametrize("dialect", sorted(SEQUENCES))
def test_a_known_prefix_tightens_the_bound(dialect: str) -> None:
    """20,000 bytes that were 4,010 tokens: what is new are two short messages."""
    messages = contents(MESSAGES) if dialect == "gemini" else MESSAGES
    body = turn(dialect, messages)
    (first,) = marks(dialect, turn(dialect, messages[:1]))
    before, after = plain(dialect, body), tight(dialect, body, {first: 4_010})

    assert before.usage.input_tokens is not None
    assert before.usage.input_tokens > 20_000
    assert after is not None
    assert 4_010 + len("An answer.And now?") + SEAM < after < 4_010 + 200 + SEAM


def test_code_assist_s_wrapper_is_opened() -> None:
    body = {"model": "m", "project": "p", "request": {"contents": contents(MESSAGES)}}
    (first, *_) = marks("gemini", body)

    assert tight("gemini", body, {first: 4_010}) in range(4_010, 4_700)


def test_the_longest_known_prefix_counts_and_the_argument_says_so() -> None:
    body = turn("openai_chat", MESSAGES)
    chain = marks("openai_chat", body)
    known = {chain[0]: 4_010, chain[1]: 4_020}
    found = tightened("openai_chat", plain("openai_chat", body), body, chain, known.get, UNKNOWN)

    new = 4 + len("rolecontentuserAnd now?") + 2 * 4
    assert found.usage.input_tokens is not None
    assert found.usage.input_tokens - 4_020 - SEAM - new == len("messages") + 4
    assert found.why[-1].startswith("input: 4020 tokens that an earlier turn reported + ")
    assert found.usage.output_tokens == 10


def test_a_report_that_is_no_help_changes_nothing() -> None:
    body = turn("openai_chat", MESSAGES)
    before = plain("openai_chat", body).usage.input_tokens

    assert tight("openai_chat", body, {}) == before
    assert tight("openai_chat", body, {marks("openai_chat", body)[0]: 900_000}) == before


def test_an_image_among_what_is_new_counts_as_its_most() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    body = turn("openai_chat", [*MESSAGES, {"role": "user", "content": [image]}])
    known = {marks("openai_chat", body)[0]: 4_010}
    window = Capacity(context=50_000)

    assert tight("openai_chat", body, known, Capacity(image=300)) in range(4_010 + 300, 4_010 + 300 + 600)
    assert tight("openai_chat", body, known, window) == 50_000


@pytest.mark.parametrize(
    "more",
    [
        {"tools": [{"type": "web_search"}], "max_tool_calls": 1},
        {"previous_response_id": "resp_1"},
    ],
)
def test_tools_of_the_provider_and_what_is_stored_keep_the_plain_bound(more: dict[str, Any]) -> None:
    body = turn("openai_responses", MESSAGES, **more)
    window = Capacity(context=100_000)
    known = {marks("openai_responses", body)[0]: 10}

    assert (
        tight("openai_responses", body, known, window)
        == plain("openai_responses", body, window).usage.input_tokens
    )


@given(
    texts=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6),
    changed=st.integers(0, 5),
)
def test_a_change_anywhere_changes_all_marks_from_there_on(texts: list[str], changed: int) -> None:
    """And none before."""
    at = changed % len(texts)
    messages = [{"role": "user", "content": text} for text in texts]
    other = [*messages]
    other[at] = {"role": "user", "content": texts[at] + "!"}
    one, two = (marks("openai_chat", turn("openai_chat", m)) for m in (messages, other))

    assert one[:at] == two[:at]
    assert not {*one[at:]} & {*two[at:]}
