"""The calls on a socket are summed up to one line."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.model import USAGE_FIELDS, CallRecord, Cost, Source, Usage
from tollway.recorded.call import Inner
from tollway.recorded.summed import UNREAD, summed, usage

COUNTS = st.dictionaries(st.sampled_from(USAGE_FIELDS), st.integers(0, 10**9), max_size=5)


def inner(
    nano: int = 1, source: Source = Source.COMPUTED, reason: str | None = None, **more: object
) -> Inner:
    cost = Cost(output_nano=nano, source=source, price_version="v", flags=("f",))
    values = {"model": "m", "operation": "transcription", **more}
    return Inner(record=CallRecord(id="0.0", state="done", started_us=0, cost=cost, **values), reason=reason)  # type: ignore[arg-type]


def test_usage_and_costs_add_up_and_the_rest_is_the_dearest_ones() -> None:
    one = inner(3, model="small", usage=Usage(input_tokens=1), error="cut")
    other = inner(5, model="large", tier="flex", usage=Usage(input_tokens=2, output_tokens=0))

    found = summed([one, other], "realtime", False)

    record = found.record
    assert record.usage.known() == {"input_tokens": 3, "output_tokens": 0}
    assert (record.cost.nano, record.cost.flags, record.cost.price_version) == (8, ("f",), "v")
    assert (record.model, record.tier, record.operation, record.error) == ("large", "flex", "realtime", "cut")
    assert (record.cost.source, found.reason) == (Source.COMPUTED, None)


def test_a_sum_is_an_estimate_where_a_part_is() -> None:
    found = summed([inner(), inner(source=Source.ESTIMATED, reason="no_usage")], "", False)

    assert (found.record.cost.source, found.reason) == (Source.ESTIMATED, "no_usage")
    assert found.record.operation == "transcription"


def test_a_sum_of_nothing_has_the_reason_of_its_first() -> None:
    nothing = inner(0, Source.NONE, "refused"), inner(0, Source.NONE, "nothing_used")

    assert summed(nothing, "", False).reason == "refused"


def test_what_was_not_read_is_flagged() -> None:
    assert summed([inner()], "", True).record.cost.flags == ("f", UNREAD)


def test_two_prices_are_none() -> None:
    cost = Cost(output_nano=1, price_version="w")
    other = Inner(record=CallRecord(id="0.1", state="done", started_us=0, cost=cost))

    assert summed([inner(), other], "", False).record.cost.price_version == ""


@given(st.lists(COUNTS, min_size=1, max_size=5))
def test_a_field_is_told_where_one_tells_it(counts: list[dict[str, int]]) -> None:
    records = [CallRecord(id="0", state="done", started_us=0, usage=Usage(**one)) for one in counts]

    assert usage(records).known() == {
        name: sum(one.get(name, 0) for one in counts)
        for name in USAGE_FIELDS
        if any(name in one for one in counts)
    }
