"""What was counted, as prometheus-client knows it."""

from decimal import Decimal

from prometheus_client.parser import text_string_to_metric_families

from tollway.observe.catalogue import (
    FAMILIES,
    FROM_NOW,
    LEDGER_LAG,
    RELOADS,
    SPENT,
    Type,
    seconds,
)
from tollway.observe.counting import Counting, Counts, Series
from tollway.observe.exposition import text
from tollway.observe.families import families, quantity
from tollway.observe.flying import Now

COST = ("openai", "gpt-5", "metered", "computed")


def lines(counts: Counts, now: Now | None = None) -> dict[str, str]:
    """Of the text, by what stands before each value."""
    made = text(families(counts, now or Now())).decode()
    pairs = [line.rpartition(" ") for line in made.splitlines() if not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_all_of_the_catalogue_is_there_in_its_order_before_anything_was_counted() -> None:
    found = list(families(Counting().snapshot(), Now()))

    assert [metric.type for metric in found] == [family.type.value for family in FAMILIES]
    assert [metric.name for metric in found] == [family.name.removesuffix("_total") for family in FAMILIES]


def test_money_has_all_of_its_digits() -> None:
    """A float has room for 15 of these 19."""
    counts: Counts = {Series(SPENT, COST): 1_234_567_890_000_000_001}

    found = lines(counts)

    name = 'tollway_cost_usd_total{provider="openai",model="gpt-5",billing="metered",source="computed"}'
    assert found[name] == "1234567890.000000001"


def test_the_buckets_of_a_histogram_add_up() -> None:
    """Of 1 ms, 3 ms and 7,000 ms."""
    counting = Counting()
    lag = next(family for family in FAMILIES if family.name == "tollway_event_loop_lag_seconds")
    for us in (1_000, 3_000, 7_000_000):
        counting.observe(lag, us)

    found = lines(counting.snapshot())

    def count(le: str) -> str:
        return found[f'tollway_event_loop_lag_seconds_bucket{{le="{le}"}}']

    assert [count(le) for le in ("0.001", "0.005", "5", "+Inf")] == ["1", "2", "2", "3"]
    assert found["tollway_event_loop_lag_seconds_count"] == "3"
    assert found["tollway_event_loop_lag_seconds_sum"] == "7.004"


def test_what_is_now_is_told_beside_what_was_counted() -> None:
    now = Now(
        in_flight=3,
        held_nano=25_993_000,
        lag_us=1_500_000,
        unwritten=2,
        log_dropped=7,
        plans={("anthropic", "5h"): 42},
        workers=4,
        worker_restarts=9,
    )

    found = lines({Series(RELOADS, ("ok",)): 4}, now)

    assert {name: found[name] for name in found if "reload" not in name} == {
        "tollway_calls_in_flight": "3",
        "tollway_held_usd": "0.025993",
        "tollway_ledger_lag_seconds": "1.5",
        "tollway_ledger_unwritten_calls": "2",
        "tollway_log_dropped_total": "7",
        'tollway_plan_used_percent{provider="anthropic",gauge="5h"}': "42",
        "tollway_workers": "4",
        "tollway_worker_restarts_total": "9",
    }
    assert found['tollway_policy_reloads_total{result="ok"}'] == "4"
    assert LEDGER_LAG in FROM_NOW


def test_prometheus_clients_own_parser_reads_it_as_it_is_meant() -> None:
    counting = Counting()
    for family in FAMILIES:
        labels = tuple(f'{label} "of"\\ {family.name}\n' for label in family.labels)
        if family.type is Type.HISTOGRAM:
            counting.observe(family, 5_000_000, labels)
        else:
            counting.add(Series(family, labels), 1_000_000_000)

    found = {
        metric.name: metric
        for metric in text_string_to_metric_families(
            text(families(counting.snapshot(), Now(in_flight=1_000_000_000))).decode()
        )
    }

    for family in FAMILIES:
        metric = found[family.name.removesuffix("_total")]
        assert (metric.type, metric.documentation) == (family.type.value, family.help)
        for sample in metric.samples:
            assert set(sample.labels) - {"le"} == set(family.labels)
            values = [value for name, value in sample.labels.items() if name != "le"]
            assert all(value.endswith("\n") for value in values) or family is RELOADS


def test_a_quantity_is_exact() -> None:
    assert (quantity(7, 0), quantity(10**25 + 1, 9)) == (7, Decimal("10000000000000000.000000001"))
    assert seconds("x_seconds", "X.", ms=(1,)).places == 6
