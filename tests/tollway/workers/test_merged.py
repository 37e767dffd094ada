"""The metrics of several as those of one."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import Metric

from tollway.observe.catalogue import CALLS, RELOADS, SPENT
from tollway.observe.counting import Counts, Series
from tollway.observe.flying import Now
from tollway.workers.merged import Gone, now, processes, summed
from tollway.workers.told import Told

SERIES = [Series(CALLS, (name,)) for name in "abc"] + [Series(SPENT, ("a",)), Series(RELOADS, ("ok",))]
COUNTS = st.dictionaries(st.sampled_from(SERIES), st.integers(0, 10**18))


@given(st.lists(COUNTS, max_size=5))
def test_each_series_is_the_sum_over_all(counts: list[Counts]) -> None:
    total = summed(counts)

    assert {**total} == {series: sum(each.get(series, 0) for each in counts) for series in total}
    assert total.keys() == {series for each in counts for series in each}


@given(st.lists(COUNTS, min_size=1, max_size=5), st.integers(0, 4))
def test_nothing_falls_when_one_of_them_ends(counts: list[Counts], which: int) -> None:
    gone, living = Gone(), [Told(counts=each) for each in counts]
    before = summed([gone.counts, *(each.counts for each in living)])

    gone.add(living.pop(which % len(living)))

    assert summed([gone.counts, *(each.counts for each in living)]) == before


def test_of_the_dead_the_dropped_lines_and_the_time_of_processors_are_kept() -> None:
    gone = Gone()
    gone.add(Told(now=Now(log_dropped=2, in_flight=9), process={"process_cpu_seconds_total": 1.5}))
    gone.add(Told())

    assert (gone.log_dropped, gone.cpu, gone.counts) == (2, 1.5, {})


def test_things_are_added_up_and_of_measures_the_worst_is_told() -> None:
    one = Now(in_flight=1, held_nano=10, lag_us=5, unwritten=1, log_dropped=1, plans={("a", "5h"): 40})
    plans = {("a", "5h"): 60, ("b", "7d"): 1}
    other = Now(in_flight=2, held_nano=20, lag_us=3, unwritten=2, log_dropped=2, plans=plans)

    assert now([one, other], log_dropped=100) == Now(
        in_flight=3, held_nano=30, lag_us=5, unwritten=3, log_dropped=103, plans=plans
    )
    assert now([]) == Now()


def test_of_processes_memory_and_time_are_added_up_and_files_are_not() -> None:
    """Each may have so many."""
    values = {
        "process_resident_memory_bytes": 10.0, "process_start_time_seconds": 1000.0,
        "process_open_fds": 5.0, "process_max_fds": 1024.0, "process_cpu_seconds_total": 1.0,
    }  # fmt: skip
    own = [Metric(name.removesuffix("_total"), name, "gauge") for name in values]
    for metric, (name, value) in zip(own, values.items(), strict=True):
        metric.add_sample(name, {}, value)
    worker = {
        "process_resident_memory_bytes": 100.0, "process_start_time_seconds": 2000.0,
        "process_open_fds": 50.0, "process_max_fds": 512.0, "process_cpu_seconds_total": 10.0,
    }  # fmt: skip

    found = {one.name: one.value for each in processes(own, [worker, {}], 0.5) for one in each.samples}

    assert found == {
        "process_resident_memory_bytes": 110.0, "process_start_time_seconds": 1000.0,
        "process_open_fds": 50.0, "process_max_fds": 512.0, "process_cpu_seconds_total": 11.5,
    }  # fmt: skip


def test_processor_time_does_not_fall_by_a_rounding_when_a_worker_ends() -> None:
    """0.1 + 0.2 + 0.3 is 0.6000000000000001, and 0.1 + 0.3 + 0.2 is 0.6: to Prometheus a start from zero."""
    cpu = "process_cpu_seconds_total"

    def told(own: float, others: list[float], gone: float) -> float:
        metric = Metric("process_cpu_seconds", "", "counter")
        metric.add_sample(cpu, {}, own)
        (found,) = processes([metric], [{cpu: each} for each in others], gone)
        return float(found.samples[0].value)

    assert told(0.1, [0.2, 0.3], 0.0) == told(0.1, [0.3], 0.2) == told(0.1, [], 0.2 + 0.3) == 0.6
