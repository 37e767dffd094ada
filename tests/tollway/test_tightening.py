"""What an earlier turn reported bounds the next."""

from typing import Any

from msgspec.structs import replace

from tests.tollway.admitting import ENDPOINT, asked, candidate, governing
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


RESPONSES = replace(ENDPOINT, dialect="openai_responses")


def response(**body: Any) -> Candidate:
    """A request of Responses, which may point at the answer before."""
    said = {"model": "gpt-4o", "max_output_tokens": 500, "input": "Hello there", **body}
    return candidate(governing(LIMIT), asked(said, endpoint=RESPONSES))


def answered(tightening: Tightening, of: Candidate, id: str | None, **used: int) -> None:
    """Its answer has this id, and reports so much."""
    learn = tightening.learner(of, "", near=False)
    assert learn is not None
    usage = Usage(**used)
    learn(replace(of.row, usage=usage, response_id=id, cost=Cost(source=Source.COMPUTED)))


def test_what_points_at_an_answer_is_bounded_by_what_that_reported() -> None:
    """Its input, twice its output, what is new, and the seam; near a limit or not."""
    tightening = Tightening()
    answered(tightening, response(), "resp_1", input_tokens=5_000, output_tokens=100)

    bound = tightening.tighter(response(previous_response_id="resp_1"), "")

    assert bound is not None
    assert 5_200 + 256 < (bound.usage.input_tokens or 0) < 5_200 + 256 + 100
    assert bound.why[-1].startswith("input: 5200 tokens that the answer before leaves + ")


def test_of_an_answer_that_is_not_known_nothing_is() -> None:
    """Nor of one without an id, or without counts, or to another model."""
    tightening = Tightening()
    answered(tightening, response(), None, input_tokens=5_000, output_tokens=100)
    answered(tightening, response(), "resp_1", input_tokens=5_000)
    answered(tightening, response(), "resp_2", output_tokens=5_000)
    answered(tightening, response(model="gpt-4o-mini"), "resp_3", input_tokens=5_000, output_tokens=100)

    for id in ("resp_0", "resp_1", "resp_2", "resp_3"):
        assert tightening.tighter(response(previous_response_id=id), "") is None


def test_an_answer_that_goes_on_from_an_unknown_one_tells_nothing() -> None:
    tightening = Tightening()

    assert tightening.learner(response(previous_response_id="resp_0"), "", near=False) is None


def test_far_from_a_limit_nothing_is_hashed() -> None:
    assert Tightening().learner(turn(), "", near=False) is None


def test_a_hold_is_near_its_limit_if_eight_like_it_would_not_fit() -> None:
    wants = turn().wants

    def left(amount: int) -> list[Balance]:
        return [
            Balance(bucket=w.bucket, amount=amount + w.hold, enforce=w.enforce, settled=0, held=w.hold)
            for w in wants
        ]

    assert is_near(wants, left(7 * wants[0].hold - 1))
    assert not is_near(wants, left(7 * wants[0].hold))
