"""Sees calls of models that have no price, and connections to AI services that nobody reads."""

from collections.abc import Callable

from tollway.alerts.news import News
from tollway.alerts.spotted import is_unpriced, unmanaged, unpriced
from tollway.discovery.services import Services
from tollway.discovery.sighting import Sighting
from tollway.model import CallRecord

MOST = 200
"""Models of which a process tells on one day: who may choose names, can't fill a ledger by them."""
DAY_US = 86_400_000_000


class Spotting:
    """Tells what is new in what it sees; who is told knows what was told."""

    def __init__(self, services: Services, add: Callable[[News], None], now_us: Callable[[], int]) -> None:
        self._services = services
        self._add = add
        self._now_us = now_us
        self._day = 0
        self._models: set[str] = set()
        """The names of what was told of models on that day."""

    def ended(self, call: CallRecord) -> None:
        """A call, as it ends."""
        if is_unpriced(call):
            self._of_model(unpriced(call, self._now_us()))

    def refused(self, call: CallRecord) -> None:
        """A call that hard limits refused for want of a price."""
        self._of_model(unpriced(call, self._now_us(), refused=True))

    def discovered(self, service: str, seen: Sighting) -> None:
        """What passed to a service, once it is written: as of `discovering.Told`."""
        if (found := self._services.find(seen.host)) is not None and (seen.connections or seen.refused):
            self._add(unmanaged(found, seen, self._now_us()))

    def _of_model(self, news: News) -> None:
        day = news.alert.at_us // DAY_US
        if day != self._day:
            self._day, self._models = day, set()
        if news.name in self._models or len(self._models) < MOST:
            self._models.add(news.name)
            self._add(news)
