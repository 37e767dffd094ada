"""How much is measured: a run whose figures count, and a quick one that shows that everything works."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Extent:
    """Counts and durations of a run."""

    rounds: int
    """Alternations of a comparison, ..."""
    route_rounds: int
    """... and of calls that are moved beside ones that are not, which differ by little, ..."""
    worker_rounds: int
    """... and of two workers beside one process, which do, too."""
    json_calls: int
    """On each of 4 connections, per round."""
    turns: int
    """On each of 4 connections, per round."""
    paced_turns: int
    """On each of 8 connections, per round; they take 0.6 s each."""
    json_pairs: int
    turn_pairs: int
    """Calls to each of two proxies, one at a time, whose first bytes are compared."""
    block: int
    """Calls between two looks at memory."""
    blocks: tuple[int, int]
    """After how many blocks the memory is compared."""
    idle: int
    """Connections without a call."""
    streams: int
    """At once, ..."""
    opening: float
    """... opened over so many seconds, ..."""
    steady: float
    """... and kept for as many more."""
    stream_rounds: int
    pairs: int
    """Reserved and settled, per round."""
    offered_seconds: float
    """Of calls at a fixed rate, per round."""
    tokens: int
    """New ones, per round."""
    identity_seconds: float
    """Of calls, in each way in which an identity provider misbehaves."""
    history: int
    """Calls that a ledger has when `tollway top` begins to follow it, or that a policy is tried on, ..."""
    backtests: int
    """... so many times."""
    view_seconds: float
    """In which its share of a core is measured, per round; as long it has to begin."""
    limit_rounds: int
    limit_calls: int
    """In one process without an engine, per round, ..."""
    limits: tuple[int, ...]
    """... among so many limits, beside those among few, ..."""
    buckets: int
    """... and with so many buckets."""


FULL = Extent(
    rounds=9,
    route_rounds=27,
    worker_rounds=27,
    json_calls=100,
    turns=6,
    paced_turns=2,
    json_pairs=400,
    turn_pairs=150,
    block=500,
    blocks=(10, 100),
    idle=2000,
    streams=1000,
    opening=20.0,
    steady=10.0,
    stream_rounds=3,
    pairs=4000,
    offered_seconds=6.0,
    tokens=1000,
    identity_seconds=12.0,
    history=1_000_000,
    backtests=3,
    view_seconds=5.0,
    limit_rounds=27,
    limit_calls=600,
    limits=(1000, 10_000),
    buckets=100_000,
)
QUICK = Extent(
    rounds=2,
    route_rounds=2,
    worker_rounds=2,
    json_calls=8,
    turns=1,
    paced_turns=1,
    json_pairs=10,
    turn_pairs=5,
    block=50,
    blocks=(1, 3),
    idle=40,
    streams=40,
    opening=1.0,
    steady=2.5,
    stream_rounds=1,
    pairs=200,
    offered_seconds=0.5,
    tokens=30,
    identity_seconds=1.5,
    history=3_000,
    backtests=1,
    view_seconds=1.5,
    limit_rounds=2,
    limit_calls=100,
    limits=(100,),
    buckets=1000,
)
