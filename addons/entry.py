"""Tollway's chain inside mitmproxy's own console or web UI: `mitmproxy -s addons/entry.py`.

For development only: a script that mitmproxy reloads fails open, and its own engine neither drains abandoned
calls nor refuses on a crash, and no alert goes out. The proxy is `tollway serve`. Calls go into the usual
ledger, limits hold, and clients trust mitmproxy's own CA (`~/.mitmproxy`).
"""

import os

from tollway import clock, paths, price_file, secret
from tollway.accounting import Accounting
from tollway.chain import Parts, chain
from tollway.governing import Governing
from tollway.ledger.open import open_ledger, path_of
from tollway.ledger.store import Ledger
from tollway.own_name import is_own_name
from tollway.policy.limits import Limits
from tollway.policy_file import read_policy
from tollway.providers.load import load
from tollway.providers.recognise import owner
from tollway.quarantine import Quarantine
from tollway.texts.file import beside
from tollway.texts.store import Texts
from tollway.texts.writer import TextWriter


class Entry:
    """Puts the chain in place once mitmproxy's event loop runs."""

    def __init__(self) -> None:
        self.addons: list[object] = []
        self._ledger: Ledger | None = None
        self._texts: Texts | None = None

    def running(self) -> None:
        """Make the steps; mitmproxy calls the hooks of `addons`."""
        if not self.addons:
            policy = read_policy(None)
            registry = load(policy.provider_rows())
            accounting = Accounting(price_file.book(policy), clock.now)
            governing, limits = Governing(accounting, registry, Quarantine(), os.environ), Limits(policy)
            self._ledger = ledger = open_ledger(paths.ledger_url())
            self._texts = texts = TextWriter(beside(path_of(paths.ledger_url())))
            texts.prune(clock.now_us())
            if len(limits):
                ledger.adopt(limits, clock.now_us())  # before any call is written
            governing.swap(policy, limits)
            parts = Parts(
                registry=registry,
                governing=governing,
                ledger=ledger,
                texts=texts,
                accounting=accounting,
                clock=clock.now,
                secret=secret.load_or_make(paths.make_dir(paths.data_dir())),
                is_ours=lambda host, port: is_own_name(host) or owner(registry, host, port) is not None,
            )
            self.addons.extend(chain(parts).steps)

    def done(self) -> None:
        """Write what the ledger still has to write."""
        if self._texts is not None:
            self._texts.close()
        if self._ledger is not None:
            self._ledger.close()


addons = [Entry()]
