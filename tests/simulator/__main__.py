"""`python -m tests.simulator --folder DIR`: the simulator as a process of its own."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import orjson

from tests.simulator.certificates import Host
from tests.simulator.overrides import override
from tests.simulator.scenario import DEFAULT
from tests.simulator.server import Simulator


def main() -> None:
    """Serve until SIGTERM or SIGINT, or the end of standard input if asked to."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulator", description="AI providers on loopback."
    )
    parser.add_argument("--folder", type=Path, required=True, help="where root.pem is written")
    parser.add_argument("--port", type=int, default=0, help="with TLS; 0: any free one")
    parser.add_argument("--plain-port", type=int, default=0, help="without TLS, and for /__seen; 0: any")
    parser.add_argument("--scenario", default="{}", help="the default scenario's fields, as JSON")
    parser.add_argument("--http1-only", action="store_true", help="do not offer HTTP/2")
    parser.add_argument("--keep", type=int, default=10_000, help="requests remembered")
    parser.add_argument("--body-limit", type=int, default=4 << 20, help="bytes of each body remembered")
    parser.add_argument("--json", action="store_true", help="say where it listens as one line of JSON")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    host = Host(alpn=("http/1.1",)) if arguments.http1_only else Host()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if arguments.until_eof:
        loop.add_reader(sys.stdin, stop.set)  # nobody writes to it: readable means closed
    async with Simulator(
        arguments.folder,
        port=arguments.port,
        plain_port=arguments.plain_port,
        default_host=host,
        keep=arguments.keep,
        body_limit=arguments.body_limit,
    ) as simulator:
        simulator.scenario = override(DEFAULT, arguments.scenario)
        _announce(simulator, as_json=arguments.json)
        gc.collect()
        gc.freeze()  # what is there now stays: no long pauses among a thousand streams
        await stop.wait()


def _announce(simulator: Simulator, *, as_json: bool) -> None:
    facts = {
        "address": simulator.address,
        "port": simulator.port,
        "plain_port": simulator.plain_port,
        "root_ca": str(simulator.root_ca),
        "pid": os.getpid(),
    }
    text = orjson.dumps(facts).decode() if as_json else "\n".join(f"{k}: {v}" for k, v in facts.items())
    print(text, flush=True)


if __name__ == "__main__":
    main()
