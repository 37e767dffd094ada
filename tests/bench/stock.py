"""Stock mitmdump, quiet, led to the simulator; further arguments are options (`stream_large_bodies=1`)."""

import sys
from typing import Any

from mitmproxy.tools import cmdline, main
from mitmproxy.tools.dump import DumpMaster

from tests.bench.redirect import Ready


class Dump(DumpMaster):
    """mitmdump that says where it listens."""

    simulator: int

    def __init__(self, opts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(opts, *args, **kwargs)
        self.addons.add(Ready(self.addons.get("proxyserver"), self.simulator))


def serve(folder: str, port: str, root_ca: str, *more: str) -> None:
    """Serve until killed."""
    Dump.simulator = int(port)
    sets = (f"confdir={folder}", f"ssl_verify_upstream_trusted_ca={root_ca}", *more)
    words = [word for option in sets for word in ("--set", option)]
    main.run(Dump, cmdline.mitmdump, ["-q", "--listen-host", "127.0.0.1", "--listen-port", "0", *words])


if __name__ == "__main__":
    serve(*sys.argv[1:])
