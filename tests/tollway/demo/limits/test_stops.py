"""What is played follows from what calls can cost at most, and from nothing else."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.simulator.overrides import override
from tests.simulator.scenario import DEFAULT
from tests.tollway.admitting import NOW_US, asked, candidate, governing
from tollway.budget.bucket import Balance
from tollway.candidate import Candidate
from tollway.demo.limits.policy import policy
from tollway.demo.limits.stops import CLAMPED, FIRST, REFUSED, REROUTED, SECOND, STEPS, WHOLE, Step
from tollway.governing import Governing
from tollway.identity.program import program
from tollway.lowering import lowered
from tollway.model import Endpoint, Kind, Report, Usage
from tollway.money import NANO
from tollway.prices.book import PriceBook
from tollway.prices.priced import Priced

NOW = datetime.fromtimestamp(NOW_US / 1_000_000, UTC)
CLAUDE = Endpoint(
    kind=Kind.INFERENCE,
    provider="anthropic",
    host="api.anthropic.com",
    operation="chat",
    dialect="anthropic_messages",
)
each = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stop.does)


@pytest.fixture(scope="module")
def rules() -> Governing:
    """The tour's policy in force."""
    return governing(policy(NOW).removeprefix("version: 1\n"))


def whole(rules: Governing, step: Step, model: str = "claude-opus-4-8") -> Candidate:
    """The step's call as it is asked for, of this model."""
    call = asked({**step.stop.body, "model": model}, endpoint=CLAUDE)
    call.program = program(step.stop.headers["user-agent"])
    return candidate(rules, call)


def hold(of: Candidate) -> int:
    """What it holds in the one bucket, nano-dollars."""
    (want,) = of.wants
    return want.hold


def least(rules: Governing, step: Step, model: str = "claude-opus-4-8") -> int:
    """What it would hold with the lowest clamp."""
    return hold(rules.candidates.least(whole(rules, step, model)))


def clamped(rules: Governing, step: Step, left: int, model: str = "claude-opus-4-8") -> Candidate:
    """The call as it is clamped to what is left."""
    found = whole(rules, step, model)
    (want,) = found.wants
    balance = Balance(bucket=want.bucket, amount=left, enforce=want.enforce, settled=0, held=0)
    fitting = rules.candidates.fitting(found, [balance])
    assert fitting is not None
    return fitting


def cost(step: Step, model: str = "claude-opus-4-8") -> int:
    """What it costs in the end, nano-dollars."""
    return (
        PriceBook()
        .price(
            Priced(
                provider="anthropic",
                host="api.anthropic.com",
                operation="chat",
                model_asked=model,
                report=Report(usage=Usage(**step.stop.answer["usage"]), complete=True),
                at=NOW,
            )
        )
        .nano
    )


def test_the_first_call_fits_and_the_second_does_not(rules: Governing) -> None:
    left = 2 * NANO - cost(WHOLE)

    assert hold(whole(rules, WHOLE)) <= 2 * NANO
    assert least(rules, CLAMPED) <= left < hold(whole(rules, CLAMPED))


def test_of_two_at_once_the_second_fits_only_when_the_first_is_settled(rules: Governing) -> None:
    """Not before it, and not once the first one's stream has told what its input comes to."""
    left = 2 * NANO - cost(WHOLE) - cost(CLAMPED)
    first = clamped(rules, FIRST, left)
    told = lowered(first, Usage(**{**FIRST.stop.answer["usage"], "output_tokens": 1}))

    assert told is not None
    assert left - hold(first) < left - told.nano < least(rules, SECOND)
    after = left - cost(FIRST)
    assert least(rules, SECOND) <= after < hold(whole(rules, SECOND))


def test_then_only_haiku_fits_and_then_nothing(rules: Governing) -> None:
    haiku = "claude-haiku-4-5"
    left = 2 * NANO - sum(map(cost, (WHOLE, CLAMPED, FIRST, SECOND)))

    assert least(rules, REROUTED, haiku) <= left < least(rules, REROUTED)
    assert 0 < left - cost(REROUTED, haiku) < least(rules, REFUSED, haiku)


def test_no_answer_is_longer_than_its_call_may_be(rules: Governing) -> None:
    """Else it would cost more than its bound, and the limit would take no more of its kind."""
    left = 2 * NANO
    for step in (WHOLE, CLAMPED, FIRST, SECOND, REROUTED):
        model = "claude-haiku-4-5" if step is REROUTED else "claude-opus-4-8"
        found = whole(rules, step, model) if step is WHOLE else clamped(rules, step, left, model)
        assert found.most is not None
        usage = step.stop.answer["usage"]
        assert usage["input_tokens"] <= found.most.input_tokens
        assert usage["output_tokens"] <= found.most.output_tokens
        left -= cost(step, model)


def test_no_call_goes_on_with_another_ones_conversation() -> None:
    """What an earlier turn reported would bound the next one closer."""
    assert len({json.dumps(step.stop.body) for step in STEPS}) == len(STEPS)


@each
def test_each_answer_waits_behind_a_gate_of_its_own(step: Step) -> None:
    """As the simulator has it."""
    assert override(DEFAULT, json.dumps(step.stop.answer)).gate == step.gate
    assert [other.gate for other in STEPS].count(step.gate) == 1


@each
def test_each_call_is_the_program_that_the_limit_is_about(rules: Governing, step: Step) -> None:
    """And so in its only bucket, for which no zone matters."""
    (want,) = whole(rules, step).wants

    assert want.bucket.limit == "claude-day"
    assert want.amount == 2 * NANO
    assert rules.zone in (ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"))
