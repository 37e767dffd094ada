"""What an earlier turn reported bounds the next."""

from typing import Any

from msgspec.structs import replace

from tests.tollway.admitting import asked, candidate, governing
from tollway.budget.bucket import Balance
from tollway.candidate import Candidate
from tollway.charging import AT_BOUND
from tollway.model import Cost, Source, Usage
from tollway.tightening import Tightening, is_near

LIMIT = "limits: [{name: day, amount: 1 USD, window: day}]"
FIRST = {"role": "user", "content": "word " * 4_000}
"""20,000 bytes."""


def turn(*more: dict[str, str], **changes: Any) -> Candidate:
    """A conversation so far."""
    return candidate(
        governing(LIMIT),
        asked({"model": "gpt-4o", "max_tokens": 500, "messages": [FIRST, *more], **changes}),
    )


def told(tightening: Tightening, of: Candidate, cost: Cost) -> None:
    """Its answer reports 4,003 tokens of input."""
    learn = tightening.learner(of, "")
    assert learn is not None
    learn(replace(of.row, usage=Usage(input_tokens=4_003), cost=cost))


ANSWER, NEXT = {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Why?"}


def test_the_next_turn_is_bounded_by_what_the_first_reported() -> None:
    tightening = Tightening()
    told(tightening, turn(), Cost(source=Source.COMPUTED))

    bound = tightening.tighter(turn(ANSWER, NEXT), "")

    assert bound is not None
    assert 4_003 < (bound.usage.input_tokens or 0) < 4_003 + 500


def test_what_was_guessed_teaches_nothing() -> None:
    tightening = Tightening()
    told(tightening, turn(), Cost(source=Source.ESTIMATED))
    told(tightening, turn(), Cost(source=Source.COMPUTED, flags=(AT_BOUND,)))

    assert tightening.tighter(turn(ANSWER, NEXT), "") is None


def test_another_model_or_beta_reads_otherwise() -> None:
    tightening = Tightening()
    told(tightening, turn(), Cost(source=Source.COMPUTED))

    assert tightening.tighter(turn(ANSWER, NEXT, model="gpt-4o-mini"), "") is None
    assert tightening.tighter(turn(ANSWER, NEXT), "a-beta") is None


def test_without_a_bound_there_is_nothing_to_tighten_or_to_learn() -> None:
    soft = candidate(governing(LIMIT.replace("window: day", "window: day, enforce: soft")))

    assert Tightening().tighter(soft, "") is None
    assert Tightening().learner(soft, "") is None


def test_a_hold_is_near_its_limit_if_eight_like_it_would_not_fit() -> None:
    wants = turn().wants

    def left(amount: int) -> list[Balance]:
        return [
            Balance(bucket=w.bucket, amount=amount + w.hold, enforce=w.enforce, settled=0, held=w.hold)
            for w in wants
        ]

    assert is_near(wants, left(7 * wants[0].hold - 1))
    assert not is_near(wants, left(7 * wants[0].hold))
