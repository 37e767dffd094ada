"""`Answers` in the Redis of a fleet, whose processes share them."""

from collections.abc import Awaitable, Callable

from tollway.cache.fleet.finding import Finding
from tollway.cache.fleet.gate import AGAIN_SECONDS, Gate
from tollway.cache.fleet.keeping import Keeping
from tollway.cache.fleet.names import AnswerNames
from tollway.cache.fleet.scripts import Scripts
from tollway.caching.recorded import Recorded
from tollway.ledger.fleet.server import Server, where
from tollway.sidecar.writer import MOST_WAITING

WRITE_SECONDS = 2.0
"""What one step of keeping may take: no call waits for it."""


class FleetAnswers:
    """What is found is what any process of any machine kept and none has deleted since."""

    def __init__(
        self,
        url: str,
        size: int,
        doubt: Callable[[], object] = lambda: None,
        most_waiting: int = MOST_WAITING,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        """`url`: as of `server.where`; Redis need not be there yet. `size`: of all answers, in bytes;
        `doubt`: as of `Finding`; `most_waiting`: bytes of those that wait to be kept; `again_seconds`: as of
        `Gate`. Raises LedgerError."""
        place = where(url)
        names = AnswerNames(place.organisation)
        # One for all attempts: to connect may take longer than one of them.
        self._probing = Server(place)
        scripts = Scripts(Server(place, max(place.seconds, WRITE_SECONDS)), names)
        self._gate = Gate(lambda: self._probing.ask("GET", names.total), again_seconds)
        self._finding = Finding(lambda: Server(place), names, place.seconds, self._gate, doubt)
        self._keeping = Keeping(scripts, size, self._gate, most_waiting)

    def find(self, key: bytes, now_us: int) -> Awaitable[Recorded | None] | None:
        """As `Answers.find`."""
        return self._finding.find(key, now_us)

    def hit(self, key: bytes, now_us: int) -> None:
        """As `Answers.hit`."""
        self._keeping.hit(key, now_us)

    def keep(self, key: bytes, answer: Recorded) -> None:
        """As `Answers.keep`."""
        self._keeping.keep(key, answer)

    def prune(self, now_us: int) -> None:
        """As `Answers.prune`."""
        self._keeping.prune(now_us)

    def resize(self, size: int) -> None:
        """As `Answers.resize`: within a minute."""
        self._keeping.size = size

    def close(self) -> None:
        """As `Answers.close`."""
        self._keeping.close()
        self._finding.close()
        self._gate.close()
        self._probing.close()
