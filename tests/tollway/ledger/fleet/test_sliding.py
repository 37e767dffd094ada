"""`sliding.lua` counts what `Sliding` does, whatever the clocks do."""

import secrets
from contextlib import closing

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.redis_server import RedisServer
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.sliding import Sliding, slot_of
from tollway.ledger.fleet.server import Server, script, where

DO = (
    script("sliding")
    + """
local verb, slot_us, window_us, amount, at = ARGV[1], unpack(cmsgpack.unpack(ARGV[2]))
if verb == 'look' then
  slide(KEYS[1], slot_us, window_us, at)
elseif verb == 'add' then
  count(slide(KEYS[1], slot_us, window_us, at), slot_us, window_us, amount, at)
else
  correct(KEYS[1], slot_us, window_us, amount, at)
end
return cmsgpack.pack({state(KEYS[1]).total, slots(KEYS[1])})
"""
)
WINDOWS = st.sampled_from([1_000_000, 6_000_000, 60_000_000, 86_400_000_000])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["look", "add", "add", "change"]),
        st.integers(-30, 200),
        st.sampled_from([0, 0.001, 0.02, 0.3, 0.999, 1, 1.02, 2, 30, -0.001, -0.02, -0.5, -1.1, -40]),
    ),
    min_size=1,
    max_size=25,
)
"""What is done, how much is added, and by what share of the window time moves before it."""


@given(window_us=WINDOWS, begins_us=st.integers(0, 10**9), steps=STEPS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_redis_counts_in_a_window_what_python_does(
    server: RedisServer, window_us: int, begins_us: int, steps: list[tuple[str, int, float]]
) -> None:
    """Adds, corrections and looks, with clocks that are set back a little, and far."""
    slot_us, now_us, key = slot_of(window_us), NOON_US + begins_us, secrets.token_hex(8)
    expected = Sliding(window_us, slot_us)
    with closing(Server(where(server.url))) as redis:
        for verb, amount, share in steps:
            now_us += int(window_us * share)
            if verb != "change":
                amount = abs(amount) * (verb == "add")
                expected.look(now_us)
            if verb == "add":
                expected.add(amount, now_us)
            elif verb == "change":
                expected.change(amount, now_us)
            told = redis.run(DO, [key], [verb, msgspec.msgpack.encode((slot_us, window_us, amount, now_us))])
            total, slots = msgspec.msgpack.decode(told)
            assert total == expected.total
            if slots:
                newest, counted = slots
                assert (newest, [int(each or 0) for each in counted]) == (expected.newest, expected.amounts)
            else:
                assert expected.amounts == []
