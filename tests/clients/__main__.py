"""`python -m tests.clients`: coding agents through `tollway run`, and what became of it, as text."""

import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from tests.clients.agents import AGENTS, Agent, Outing, go, installed
from tests.simulator.process import running
from tollway.model import CallRecord
from tollway.tally import dollars


def main() -> None:
    """Run those that are named, or all; exit status 1 if one failed or was not metered."""
    if not installed():
        sys.exit("They are not installed: scripts/clients does it.")
    wanted = sys.argv[1:] or [agent.words[0] for agent in AGENTS]
    good = True
    with tempfile.TemporaryDirectory() as folder, running(_made(Path(folder) / "simulator")) as sim:
        for agent in AGENTS:
            if agent.words[0] in wanted:
                for plan, status in product((False, True), (426, 101) if agent.socket else (426,)):
                    home = Path(folder) / f"{agent.words[0]}-{plan}-{status}"
                    outing = go(agent, plan, home, sim, websocket=status)
                    print(*described(agent, plan, outing), sep="\n", end="\n\n", flush=True)
                    good &= outing.status == 0 and bool(outing.calls)
    sys.exit(not good)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def described(agent: Agent, plan: bool, outing: Outing) -> Iterator[str]:
    """An outing, line by line."""
    yield f"{agent.name} {agent.version()}, {'a log-in with a plan' if plan else 'an API key'}"
    yield f"    {' '.join(agent.words)}: exit status {outing.status} after {outing.seconds:.1f} s"
    yield f"    said: {' / '.join(outing.said.split('\n')[:3])}"
    yield f"    {outing.line}"
    yield f"    calls: {len(outing.calls)}"
    for call in outing.calls:
        yield f"        {metered(call, outing.coding(call))}"
    if (seconds := outing.fallback()) is not None:
        yield f"    its WebSocket was refused (426); {1000 * seconds:.0f} ms later its call began over HTTPS"
    for socket in outing.sockets():
        packed = ", compressed" if socket["deflates"] else ""
        yield f"    on a WebSocket: {socket['messages']} messages asked, {socket['over']} answers{packed}"
    for what, requests in (("passed, unmetered", outing.passed()), ("tunnelled, unseen", outing.tunnelled())):
        yield f"    {what}: {len(requests) or 'none'}"
        yield from (f"        {methods:9} {where}" for where, methods in requests.items())


def metered(call: CallRecord, coding: str) -> str:
    """A call as the ledger has it, on one line."""
    usage = call.usage
    counts = f"{usage.input_tokens} in ({usage.cache_read_tokens or 0} cached), {usage.output_tokens} out"
    kind = "stream" if call.stream else "whole"
    flags = f" [{' '.join(call.cost.flags)}]" if call.cost.flags else ""
    return (
        f"{call.provider} {call.operation} {call.model}: {call.status}, {counts}, {dollars(call.cost.nano)} "
        f"{call.cost.source} {call.billing}{flags}; {kind}, {call.request_bytes:,} bytes asked"
        f"{f' in {coding}' if coding else ''}, {call.response_bytes:,} answered; {call.program}"
    )


if __name__ == "__main__":
    main()
