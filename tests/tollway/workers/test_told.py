"""What a worker tells is what its supervisor hears."""

from pathlib import Path

import orjson
import pytest

from tollway.observe.catalogue import CALLS, DURATION, SPENT
from tollway.observe.counting import SUM, Counting, Series
from tollway.observe.flying import Now
from tollway.workers.told import Told, heard, of_process, told

COUNTS = {
    Series(CALLS, ("openai", "gpt-4o", "chat", "answered")): 3,
    Series(SPENT, ("openai", "gpt-4o", "metered", "computed")): 10**16 + 1,
    Series(DURATION, ("openai", "gpt-4o"), SUM): 7,
}
NOW = Now(in_flight=1, held_nano=2, lag_us=3, unwritten=4, log_dropped=5, plans={("anthropic", "5h"): 6})


def test_it_is_heard_as_it_was_told_to_the_last_digit() -> None:
    said = Told(counts=Counting().snapshot() | COUNTS, now=NOW, process={"process_open_fds": 7.0})

    assert heard(orjson.loads(orjson.dumps(told(said)))) == said


def test_a_metric_that_is_not_known_is_left_out() -> None:
    """A worker may be of a later release: it was started anew after an update."""
    said = told(Told(counts=COUNTS, now=NOW))
    said["counts"].append(("tollway_later_total", (), 0, 1))

    assert heard(orjson.loads(orjson.dumps(said))).counts == COUNTS


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_a_process_knows_its_memory() -> None:
    assert of_process()["process_resident_memory_bytes"] > 10_000_000
