"""All that watches for alerts while a proxy runs, put together."""

import platform
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from tollway import lookout, minding, once
from tollway.discovery.services import Services
from tollway.ledger.store import Books, Store
from tollway.observe.alerting import Alerting
from tollway.speaker import Speaker
from tollway.spotting import Spotting


class Alarms:
    """Belongs to the proxy's event loop."""

    def __init__(
        self,
        ledger: Store,
        alerting: Alerting,
        open_books: Callable[[], Books],
        zone: Callable[[], ZoneInfo],
        services: Services,
        path: Path,
        now_us: Callable[[], int],
    ) -> None:
        """`path`: the ledger's file, beside which it is claimed who speaks where that can't be asked."""
        self.once = once.Once(ledger, alerting, lambda: alerting.kinds, now_us, once.EVERY_SECONDS)
        self.spotting = Spotting(services, self.once.add, now_us)
        self.lookout = lookout.Lookout(
            ledger,
            open_books,
            zone,
            lambda: alerting.kinds,
            self.once.add,
            now_us,
            lookout.EVERY_SECONDS,
        )
        self.minding = minding.Minding(
            ledger.condition,
            self.once.at_once,
            lambda: alerting.kinds,
            Speaker(path.with_name(f"{path.name}.alerts")),
            now_us,
            platform.node() or "this machine",
            minding.EVERY_SECONDS,
        )

    @property
    def tasks(self) -> tuple[once.Once, lookout.Lookout, minding.Minding]:
        """What runs beside the calls."""
        return self.once, self.lookout, self.minding
