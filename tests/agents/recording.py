"""Runs a coding agent through ten turns against the simulator, and keeps the shapes of what it sent."""

import asyncio
import gzip
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.agents.shape import shape
from tests.agents.turns import NOTES, Use, claude_turn, codex_turn, gemini_turn
from tests.clients.agents import AGENTS, INSTALLED, Agent
from tests.clients.played import KEYS
from tests.simulator import Scenario, Seen, Simulator
from tests.simulator.tunnel import Tunnel

DATA = Path(__file__).with_name("data")
TURNS = 10
PATIENCE = 300
"""Seconds that ten turns may take."""
HEADERS = (
    "anthropic-beta", "anthropic-version", "content-encoding", "content-type", "openai-beta", "originator",
    "user-agent", "version", "x-app", "x-codex-beta-features", "x-goog-api-client",
    "x-openai-internal-codex-responses-lite",
)  # fmt: skip
"""What of a request's head says how it is to be read; no credential, no id."""
TEXT = "One line of the notes that the agent reads, of a length that lines have.\n" * 40
READ = f'const read = await tools.exec_command({{cmd: "cat {NOTES}"}}); text(read.output);'


@dataclass(frozen=True, kw_only=True)
class Script:
    """How one agent is brought to take ten turns."""

    path: str
    """Where its turns go, as a shell pattern."""
    turn: Callable[[Sequence[Use]], bytes]
    uses: Callable[[Path], Sequence[Sequence[Use]]]
    """Given the folder it works in: the tools of a turn, one turn after the other, over and over."""
    before: int = 0
    """Requests to that path before its first turn: Codex asks for a WebSocket."""


SCRIPTS = {
    "claude": Script(
        path="/v1/messages",
        turn=claude_turn,
        uses=lambda work: [
            [("Read", {"file_path": str(work / NOTES)})],
            [("ToolSearch", {"query": "select:WebFetch,WebSearch", "max_results": 5})],
            [("Bash", {"command": "true", "description": "Do nothing"}), ("Read", {"file_path": "/nowhere"})],
        ],
    ),
    "codex": Script(
        path="/v1/responses",
        turn=codex_turn,
        uses=lambda work: [[("exec", {"input": READ})], [("exec", {"input": 'text("done");'})]],
        before=1,
    ),
    "gemini": Script(
        path="*:streamGenerateContent",
        turn=gemini_turn,
        uses=lambda work: [
            [("read_file", {"file_path": NOTES})],
            [("list_directory", {"dir_path": "."}), ("glob", {"pattern": "*.txt"})],
        ],
    ),
}


async def turns(agent: Agent, folder: Path) -> list[Seen]:
    """What it asked a provider for, in order. Raises RuntimeError if it failed, with what it said."""
    script = SCRIPTS[agent.words[0]]
    home = folder / "home"
    work = home / "work"
    work.mkdir(parents=True)
    (work / NOTES).write_text(TEXT)
    uses = script.uses(work)
    async with Simulator(folder / "simulator") as sim, Tunnel(sim.address, sim.port) as tunnel:
        sim.on("*", script.path, Scenario(), times=script.before)
        for i in range(TURNS - 1):
            sim.on("*", script.path, Scenario(body=script.turn(uses[i % len(uses)])), times=1)
        process = await asyncio.create_subprocess_exec(
            str(agent.program), *agent.words[1:], env=_environment(agent, home, sim, tunnel), cwd=work,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE):
                said, complained = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode != 0:
            raise RuntimeError(f"{agent.name} failed: {(said + complained).decode()}")
        return [seen for seen in sim.seen if seen.dialect]


def _environment(agent: Agent, home: Path, sim: Simulator, tunnel: Tunnel) -> dict[str, str]:
    roots = dict.fromkeys(("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), str(sim.root_ca))
    proxy = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), f"http://127.0.0.1:{tunnel.port}")
    keys = {name: KEYS["OPENAI_API_KEY" if name == "CODEX_API_KEY" else name] for name in agent.key}
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "NODE_USE_ENV_PROXY": "1"}
    return {**own, **roots, **proxy, **keys}


def kept(agent: Agent, seen: Seen, turn: int | None) -> dict[str, Any]:
    """One request as it is stored; `turn` None: it is no turn, but asked beside one."""
    return {
        "agent": agent.name,
        "version": agent.version(),
        "turn": turn,
        "host": seen.host,
        "path": seen.target,
        "size": len(seen.decoded),
        "headers": {name: value for name in HEADERS if (value := seen.header(name)) is not None},
        "body": shape(seen.json),
    }


async def record(agent: Agent, folder: Path) -> list[dict[str, Any]]:
    """The shapes of its first and tenth turns, and of the first of what it asks beside them, if anything."""
    asked = await turns(agent, folder)
    script = SCRIPTS[agent.words[0]]
    ours = [seen for seen in asked if Path(seen.path).match(script.path) and _has_tools(seen.json)]
    if len(ours) != TURNS:
        raise RuntimeError(f"{agent.name} took {len(ours)} turns: {[seen.path for seen in asked]}")
    beside = [seen for seen in asked if seen not in ours][:1]
    return [
        kept(agent, ours[0], 1),
        kept(agent, ours[-1], TURNS),
        *(kept(agent, one, None) for one in beside),
    ]


def _has_tools(body: dict[str, Any]) -> bool:
    items = body.get("input") or []
    return bool(body.get("tools")) or any(item.get("type") == "additional_tools" for item in items)


def store(shapes: Sequence[dict[str, Any]], name: str) -> list[Path]:
    """Write them, a file each."""
    written = []
    for one in shapes:
        which = "beside" if one["turn"] is None else f"turn-{one['turn']}"
        path = DATA / f"{name}-{which}.json.gz"
        path.write_bytes(gzip.compress(orjson.dumps(one), mtime=0))
        written.append(path)
    return written


def agents(names: Sequence[str]) -> list[Agent]:
    """Those that are named, or all. Raises FileNotFoundError if one is not installed."""
    wanted = [agent for agent in AGENTS if not names or agent.words[0] in names]
    if missing := [agent.name for agent in wanted if not agent.program.exists()]:
        raise FileNotFoundError(f"not installed in {INSTALLED}: {', '.join(missing)}")
    return wanted
