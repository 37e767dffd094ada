"""What became of the recorded exchanges, counted host by host."""

from collections import Counter
from collections.abc import Iterator

from tests.corpus.exchanges import Recorded, exchanges
from tests.corpus.road import Metered
from tests.corpus.second_reading import expected
from tests.corpus.settled import settled

COLUMNS = ("exchanges", "inference", "streams", "reported", "metered", "priced", "guessed", "free", "other")


def lines(met: set[int]) -> Iterator[str]:
    """A head, a line for each host, and the sum.

    reported: the answer has usage; metered: it was read exactly so; priced: at a known price; guessed: at the
    dearest known, flagged; free: a cost of zero; other: no inference.
    """
    hosts: dict[str, Counter[str]] = {}
    for exchange in exchanges():
        hosts.setdefault(exchange.host, Counter()).update(marks(exchange, met))
    width = max(len(host) for host in hosts)
    yield f"{'host':{width}} " + " ".join(f"{name:>9}" for name in COLUMNS)
    for host, counts in sorted(hosts.items(), key=lambda item: (-item[1]["exchanges"], item[0])):
        yield f"{host:{width}} {figures(counts)}"
    yield f"{'all':{width}} {figures(sum(hosts.values(), Counter()))}"


def figures(counts: Counter[str]) -> str:
    return " ".join(f"{counts[name]:>9}" for name in COLUMNS)


def marks(exchange: Recorded, met: set[int]) -> Iterator[str]:
    """The columns in which an exchange counts."""
    hoped = expected(exchange)
    yield "exchanges"
    if not hoped.inference:
        yield "other"
        return
    yield "inference"
    if hoped.stream:
        yield "streams"
    if hoped.reported:
        yield "reported"
        if exchange.n in met:
            yield "metered"
            yield from fate(settled(exchange))


def fate(found: Metered) -> Iterator[str]:
    """What the price book made of it."""
    if not found.cost.nano:
        yield "free"
    else:
        yield "guessed" if any(flag.startswith("unknown") for flag in found.cost.flags) else "priced"
