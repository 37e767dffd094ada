"""Every exchange goes down the road once, however many tests look at it."""

from functools import cache

from tests.corpus.exchanges import Recorded, exchanges
from tests.corpus.road import Metered, road


def settled(exchange: Recorded) -> Metered:
    return _settled(exchange.n)


@cache
def _settled(n: int) -> Metered:
    return road(exchanges()[n])
