"""Tollway's chain in mitmproxy's own console or web interface: `mitmproxy -s addons/entry.py`, or `mitmweb`.

For who has options or scripts of their own; `tollway inspect [--web]` is the same with Tollway's engine and
its certificate authority. Calls go into the usual ledger, and the limits of the usual policy hold. What a
script can't have, and mitmproxy's event log says too:

- mitmproxy's engine goes on where an addon of it fails. Each step is therefore an addon of its own at the
  top, behind all others: one that raises leaves deny-by-default in force, and a call that nobody admitted
  does not leave.
- A script that mitmproxy reloads on each save fails open while it is broken. This one only puts the chain in
  its place, where it stays: changes of the code wait for a restart.
- Its engine knows no next target of a route, plays no answer from the cache, reads no answer on whose client
  has left, and hangs a call on which it fails itself. A replayed call is a call, and costs.
- Clients trust mitmproxy's own CA (`~/.mitmproxy`), which may speak for any host.
"""

from mitmproxy.addonmanager import Loader

from tollway.inspecting.placed import place


class Entry:
    """The one addon of this script."""

    def load(self, loader: Loader) -> None:
        """Put the chain in its place, among mitmproxy's own addons."""
        place(loader)


addons = [Entry()]
