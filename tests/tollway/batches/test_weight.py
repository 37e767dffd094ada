"""What requests come to, added up."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.batches.weight import MOST_MODELS, TOO_MANY, Weight, read, unread, written
from tollway.budget.amounts import Amounts

counts = st.integers(0, 10**12)
amounts = st.builds(Amounts, nano=counts, input_tokens=counts, output_tokens=counts, requests=st.just(1))
weights = st.builds(
    Weight,
    requests=st.integers(0, 10**6),
    most=amounts,
    likely=amounts,
    models=st.lists(st.sampled_from(["gpt-4o", "gpt-5", "o3"]), max_size=1).map(tuple),
    names=st.lists(st.sampled_from(["gpt-4o", "gpt-5", "o3"]), max_size=3, unique=True).map(tuple),
    untold=st.none() | st.just("tools"),
    unbounded=st.none() | st.just("tools"),
)


@given(weights, weights)
def test_both_come_to_the_sum_and_are_bounded_only_if_both_are(one: Weight, other: Weight) -> None:
    both = one.plus(other)

    assert both.requests == one.requests + other.requests
    assert both.most.nano == one.most.nano + other.most.nano
    assert both.likely.output_tokens == one.likely.output_tokens + other.likely.output_tokens
    assert both.most.requests == 1
    assert (both.unbounded is None) == (one.unbounded is None and other.unbounded is None)
    assert set(both.models) == {*one.models, *other.models}
    assert sorted(both.names) == sorted({*one.names, *other.names})
    assert (both.untold is None) == (one.untold is None and other.untold is None)


@given(weights)
def test_it_is_remembered_as_it_is(weight: Weight) -> None:
    assert read(written(weight)) == weight


def test_what_is_something_else_is_none() -> None:
    assert read("of openai batch_1") is None


def test_one_model_is_the_batchs() -> None:
    one, two = Weight(models=("a",)), Weight(models=("b",))

    assert (one.plus(one).model, one.plus(two).model, Weight().model) == ("a", None, None)


def test_so_many_models_are_kept() -> None:
    weight = Weight()
    for n in range(MOST_MODELS + 5):
        assert weight.untold is None or n > MOST_MODELS
        weight = weight.plus(Weight(models=(str(n),), names=(str(n),)))

    assert (len(weight.models), len(weight.names)) == (MOST_MODELS, MOST_MODELS)
    assert weight.untold == TOO_MANY


def test_of_what_was_not_read_neither_bound_nor_models_are_known() -> None:
    assert unread("odd", 2) == Weight(requests=2, unbounded="odd", untold="odd")
