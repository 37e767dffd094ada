"""What a call comes to at another target."""

from tests.tollway.backtest.samples import BOOK, COST, attempt, call
from tollway.backtest.pricing import Pricing
from tollway.budget.amounts import Amounts
from tollway.model import Billing, Usage
from tollway.routing.resolve import Target

MINI, HERE = Target("openai", "gpt-4o-mini"), Target("openai", "gpt-4o")
GROQ = Target("groq", "openai/gpt-oss-120b")
PRICING = Pricing(BOOK)


def test_its_usage_is_priced_at_the_list_price_of_the_target() -> None:
    """40 * 150 + 60 * 600 = 42,000 at gpt-4o-mini, in nano-dollars."""
    found = PRICING.load_at(attempt(call("a")), MINI)

    assert found.charges == found.holds == (42_000, 100, 40, 60, 1)
    assert found.output_nano == 36_000


def test_another_provider_has_prices_of_its_own() -> None:
    assert 0 < PRICING.load_at(attempt(call("a", tier="priority")), GROQ).nano < 100_000


def test_a_tier_that_served_is_one_of_the_same_provider_s() -> None:
    """Priority costs more at OpenAI, and says nothing elsewhere."""
    plain, fast = (attempt(call("a", tier=tier)) for tier in (None, "priority"))

    assert PRICING.load_at(fast, HERE).nano > PRICING.load_at(plain, HERE).nano
    assert PRICING.load_at(fast, GROQ) == PRICING.load_at(plain, GROQ)


def test_without_usage_its_cost_stays() -> None:
    assert PRICING.load_at(attempt(call("a", usage=Usage())), MINI).nano == COST


def test_a_bound_is_held_at_the_dearest_rates_of_the_target() -> None:
    bound = Amounts(nano=9, input_tokens=2_000, output_tokens=100, requests=1)
    found = PRICING.load_at(attempt(call("a", bound=bound)), MINI)

    assert found.holds[1:] == (2_100, 2_000, 100, 1)
    assert found.holds[0] >= 2_000 * 150 + 100 * 600
    assert found.charges[0] == 42_000
    assert found.bound == (2_000, 100)


def test_a_bound_of_no_known_price_is_held_at_what_it_costs() -> None:
    bound = Amounts(nano=9, input_tokens=2_000, output_tokens=100, requests=1)
    made_up = attempt(call("a", bound=bound, provider="openai", model="made-up"))
    found = PRICING.load_at(made_up, Target("openai", "made-up-model"))

    assert found.holds[0] == found.charges[0] > 0


def test_a_flat_plan_is_priced_at_the_list_price() -> None:
    assert PRICING.load_at(attempt(call("a", billing=Billing.NOTIONAL)), MINI).nano == 42_000


def test_whether_a_price_is_known() -> None:
    one = attempt(call("a"))

    assert PRICING.knows(one, MINI)
    assert not PRICING.knows(one, Target("openai", "made-up-model"))
