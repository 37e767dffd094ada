"""Recorded reality: nothing was billed beyond its bound, and what is plain has one."""

from itertools import groupby

import pytest

from tests.corpus import bounds
from tests.corpus.exchanges import ABSENT, FILE, Recorded
from tests.corpus.second_reading import expected
from tests.corpus.settled import settled
from tollway.bound.bound import Bound
from tollway.bound.capacity import UNKNOWN, capacity_of
from tollway.bound.conversations import Conversations
from tollway.bound.prefix import marks, tightened
from tollway.bound.table import bound_of

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

ASKED = bounds.asked()


@pytest.mark.parametrize("exchange", ASKED, ids=[f"{e.n}-{e.host}" for e in ASKED])
def test_nothing_exceeds_its_bound(exchange: Recorded) -> None:
    """Field by field: a field that the bound does not have can't be billed at all."""
    assert bounds.exceeded(exchange) == {}, exchange


@pytest.mark.parametrize("exchange", ASKED, ids=[f"{e.n}-{e.host}" for e in ASKED])
def test_no_part_exceeds_what_the_bound_says_of_it(exchange: Recorded) -> None:
    """Most say nothing of parts; what Claude writes to its caches is known not to be, or not for long."""
    bound = bounds.bounded(exchange)
    if isinstance(bound, Bound):
        most = bound.usage.known()
        usage = expected(exchange).usage
        assert {name: n for name, n in usage.items() if n > most.get(name, n)} == {}, exchange


@pytest.mark.parametrize("exchange", ASKED, ids=[f"{e.n}-{e.host}" for e in ASKED])
def test_nothing_exceeds_its_bound_where_no_model_is_known(exchange: Recorded) -> None:
    """The bytes alone bound the input, with no context window to help."""
    found = settled(exchange)
    assert found.endpoint is not None
    bound = bound_of(found.endpoint, found.asked, exchange.asked, UNKNOWN)

    if isinstance(bound, Bound) and bound.usage.input_tokens is not None:
        assert bounds.used(exchange).get("input_tokens", 0) <= bound.usage.input_tokens, exchange


def test_what_is_plain_has_a_bound() -> None:
    """At most 5 % of the exchanges without tools of the provider, media, files or stored state lack one."""
    plain = [exchange for exchange in ASKED if bounds.is_plain(exchange)]
    lacking = [e for e in plain if not isinstance(bounds.bounded(e), Bound)]

    assert len(plain) > 500
    assert len(lacking) <= len(plain) * 0.05, "\n".join(f"{e}: {bounds.bounded(e)}" for e in lacking)


def test_bounds_are_not_always_the_context_window() -> None:
    """Of plain exchanges it decides one in twenty at most."""
    plain = [bound for e in ASKED if bounds.is_plain(e) and isinstance(bound := bounds.bounded(e), Bound)]
    windows = [bound for bound in plain if any("context window" in line for line in bound.why)]

    assert len(windows) <= len(plain) * 0.05


def test_what_a_turn_reported_bounds_the_next() -> None:
    """Turn after turn of the recorded conversations: the tightened bound holds, and tightens some."""
    tightenings = 0
    for _, turns in groupby(ASKED, key=lambda e: (e.row["repo"], e.row["cassette"])):
        conversations = Conversations()
        for exchange in turns:
            tightenings += tighten(exchange, conversations)

    assert tightenings > 20


def tighten(exchange: Recorded, conversations: Conversations) -> int:
    """1 if what was remembered tightened the bound; remembers what this exchange reported."""
    bound, found = bounds.bounded(exchange), settled(exchange)
    read = bounds.used(exchange).get("input_tokens")
    assert found.endpoint is not None
    if not isinstance(bound, Bound) or read is None:
        return 0
    dialect, model = found.endpoint.dialect, found.model_asked
    chain = marks(dialect, exchange.asked, found.endpoint.provider, model or "")
    capacity = capacity_of(found.endpoint.provider, model)
    tight = tightened(dialect, bound, exchange.asked, chain, conversations.get, capacity)
    assert tight.usage.input_tokens is not None
    assert read <= tight.usage.input_tokens, exchange
    if chain and expected(exchange).status < 400:
        conversations.remember(chain[-1], read)
    return int(tight != bound)


def test_the_table_of_bounds_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever runs it: count, bounded, none, and how far bounds are from what was read."""
    table = [*bounds.lines()]
    with capsys.disabled():
        print("", *table, sep="\n")

    assert any(line.startswith("anthropic_messages") for line in table)
