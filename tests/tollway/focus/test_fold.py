"""Rows of calls."""

from tollway.focus.fold import About, Amounts, Call, Fold
from tollway.model import USAGE_FIELDS

DAY = 86_400_000_000


def call(
    period: int = 0, model: str | None = "gpt-5", tokens: int = 10, price: int = 5, user: str | None = "ann"
) -> Call:
    """A call of input tokens at a price."""
    used = tuple(tokens if name == "input_tokens" else None for name in USAGE_FIELDS)
    nano = (tokens * price, 0, 0, 0, 0)
    about = About(period, "openai", model, None, "metered", "computed", None, (user,))
    return Call(about, used, nano, nano)


def test_calls_of_one_key_are_one_row() -> None:
    fold = Fold()
    for each in (call(), call(tokens=32)):
        fold.feed(each)

    ((key, amounts),) = fold.rows()
    assert (key.about.model, key.about.group, key.meter, key.price) == ("gpt-5", ("ann",), "input", 5_000)
    assert amounts == Amounts(42, 210, 210)


def test_another_period_model_price_or_user_is_another_row_in_their_order() -> None:
    fold = Fold()
    for each in (call(user="zoe"), call(DAY), call(price=6), call(model=None), call(user=None), call()):
        fold.feed(each)

    assert [(key.about.period, key.about.model, key.about.group, key.price) for key, _ in fold.rows()] == [
        (0, None, ("ann",), 5_000),
        (0, "gpt-5", (None,), 5_000),
        (0, "gpt-5", ("ann",), 5_000),
        (0, "gpt-5", ("ann",), 6_000),
        (0, "gpt-5", ("zoe",), 5_000),
        (DAY, "gpt-5", ("ann",), 5_000),
    ]


def test_nothing_is_no_row() -> None:
    assert list(Fold().rows()) == []
