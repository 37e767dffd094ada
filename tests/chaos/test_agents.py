"""What the agents of a run send."""

import json
import random

from tests.chaos.__main__ import KEPT
from tests.chaos.agents import AGENTS, FIRST, LAST, conversations
from tests.chaos.need import need_nano
from tests.tollway.ledger.samples import call
from tollway.budget.amounts import Amounts


def test_bodies_grow_until_a_new_conversation_begins() -> None:
    """From 60 to 700 KB, 40 KB a turn, each the beginning of the next."""
    one, *others = conversations(random.Random(1), "claude-opus-4-8", 1.0)
    bodies = [one.next().body() for _ in range(20)]
    sizes = [len(body) for body in bodies]

    assert len(others) == AGENTS - 1
    assert FIRST <= sizes[0] <= FIRST + 1_000
    assert max(sizes) <= LAST + 10_000
    assert sizes.index(min(sizes[1:]), 1) == 17
    first, second = (unmarked(body) for body in bodies[:2])
    assert second[: len(first)] == first


def unmarked(body: bytes) -> list[object]:
    """Its messages, without the mark of the cache, which moves on with each turn."""
    messages: list[object] = json.loads(body.replace(b', "cache_control": {"type": "ephemeral"}', b""))[
        "messages"
    ]
    return messages


def test_the_last_message_is_marked_for_the_cache_and_no_other() -> None:
    """As agents do; the system prompt is, too."""
    one = next(conversations(random.Random(1), "claude-opus-4-8", 1.0))
    for _ in range(3):
        body = json.loads(one.next().body())
        marked = ["cache_control" in message["content"][0] for message in body["messages"][::2]]
        assert marked == [*[False] * (len(marked) - 1), True]
        assert "cache_control" in body["system"][0]


def test_no_two_agents_say_the_same() -> None:
    """Else what one's turn reported would bound another's, as it never does."""
    first, second, *_ = conversations(random.Random(1), "claude-opus-4-8", 1.0)
    bodies = [first.next().body(), second.next().body(), first.next().body()]
    said = [json.loads(body)["messages"][-1]["content"][0]["text"] for body in bodies]

    assert len({text[:9] for text in said}) == 3


def test_the_simulator_reads_the_longest_body_whole() -> None:
    """One that it cut off would be no stream to it, and be answered at once."""
    one = next(conversations(random.Random(1), "claude-opus-4-8", 1.0))

    assert max(len(one.next().body()) for _ in range(20)) <= int(KEPT[KEPT.index("--body-limit") + 1])


def test_a_turn_is_cached_long_and_as_slow_as_its_answer_is_long() -> None:
    """Nine tenths read from the cache, 64,000 tokens at most, 300 to 3,000 tokens in 1 to 10 seconds."""
    one = next(conversations(random.Random(1), "claude-opus-4-8", 1.0))
    for _ in range(20):
        asked = one.next()
        assert asked.cache_read_tokens == asked.input_tokens * 9 // 10
        assert (asked.max_tokens, 300 <= asked.output_tokens <= 3_000) == (64_000, True)
        assert 1 <= asked.sim["events"] * asked.sim["interval"] <= 10


def test_a_call_needs_its_inputs_bound_and_the_shortest_useful_answer() -> None:
    """A byte a token, all written to the cache for five minutes: 6.25 dollars a million; then 4,096 at 25."""
    one = next(conversations(random.Random(1), "claude-opus-4-8", 1.0)).next()
    plain = need_nano(call(), one)
    tight = need_nano(call(bound=Amounts(input_tokens=20_000)), one)

    assert FIRST * 6_250 + 4_096 * 25_000 <= plain <= (FIRST + 4_096) * 6_875 + 4_096 * 27_500
    assert tight < plain
    assert need_nano(call(bound=Amounts(input_tokens=10**9)), one) == plain
