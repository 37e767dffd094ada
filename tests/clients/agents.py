"""Coding agents, run once each, unattended: with a made-up key or log-in, in a home of their own."""

import base64
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.clients.played import KEYS
from tests.simulator.dialects.agents import CODEX_ACCOUNT
from tests.simulator.process import Running
from tests.tollway.command import Office
from tollway import clock
from tollway.model import CallRecord
from tollway.providers.load import load
from tollway.providers.recognise import owner

INSTALLED = Path(__file__).resolve().parents[2] / ".tools" / "clients" / "node_modules" / ".bin"
"""Where scripts/clients puts them."""
PROMPT = "say hi"
TODAY = f"{clock.utc(clock.now()):%Y-%m-%dT%H:%M:%S.%fZ}"
"""Codex renews tokens that are some days old."""
USAGE = {"input_tokens": 20_000, "cache_read_tokens": 15_000, "output_tokens": 400, "reasoning_tokens": 100}
"""Of each answer: what a first turn of theirs is like."""


@dataclass(frozen=True, kw_only=True)
class Agent:
    """One of them, as it is used in scripts."""

    name: str
    words: tuple[str, ...]
    provider: str
    """Who its calls with a key go to, as the ledger names it."""
    plan_provider: str
    """The same with a log-in."""
    key: tuple[str, ...]
    """The variables that hold its key."""
    log_in: Callable[[Path], dict[str, str]]
    """Writes a made-up log-in of a plan into a home; the variables that go with it."""
    socket: bool = False
    """It asks for a WebSocket first."""

    @property
    def program(self) -> Path:
        """Its executable."""
        return INSTALLED / self.words[0]

    def version(self) -> str:
        """What it says of itself."""
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout
        return re.search(r"\d+\.\d+\.\d+", said)[0]  # type: ignore[index]


def claude_plan(home: Path) -> dict[str, str]:
    """As `claude setup-token` gives it."""
    return {"CLAUDE_CODE_OAUTH_TOKEN": "-".join(("sk", "ant", "oat01", "made" * 20))}


def codex_plan(home: Path) -> dict[str, str]:
    """As `codex login` writes it."""
    claims = {
        "exp": 2**32,
        "email": "someone@example.com",
        "https://api.openai.com/auth": {"chatgpt_account_id": CODEX_ACCOUNT, "chatgpt_plan_type": "plus"},
    }
    token = ".".join(_base64(part) for part in ({"alg": "none"}, claims, {"made": "up"}))
    tokens = {"id_token": token, "access_token": token, "refresh_token": "made-up"}
    log_in = {"auth_mode": "chatgpt", "tokens": tokens | {"account_id": CODEX_ACCOUNT}, "last_refresh": TODAY}
    _write(home / ".codex" / "auth.json", log_in)
    return {}


def gemini_plan(home: Path) -> dict[str, str]:
    """As its log-in with Google writes it."""
    scope = "https://www.googleapis.com/auth/cloud-platform"
    token = {"access_token": "made-up", "refresh_token": "made-up", "token_type": "Bearer", "scope": scope}
    _write(home / ".gemini" / "oauth_creds.json", {**token, "expiry_date": 2**43})
    _write(home / ".gemini" / "settings.json", {"security": {"auth": {"selectedType": "oauth-personal"}}})
    return {}


def _base64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))


AGENTS = (
    Agent(
        name="Claude Code",
        words=("claude", "-p", PROMPT),
        provider="anthropic",
        plan_provider="anthropic",
        key=("ANTHROPIC_API_KEY",),
        log_in=claude_plan,
    ),
    Agent(
        name="Codex",
        words=("codex", "exec", "--skip-git-repo-check", PROMPT),
        provider="openai",
        plan_provider="chatgpt",
        key=("CODEX_API_KEY",),
        log_in=codex_plan,
        socket=True,
    ),
    Agent(
        name="Gemini CLI",
        words=("gemini", "--skip-trust", "-p", PROMPT),
        provider="gemini",
        plan_provider="code-assist",
        key=("GEMINI_API_KEY",),
        log_in=gemini_plan,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Outing:
    """One run of one agent."""

    status: int
    seconds: float
    said: str
    """Standard output."""
    complained: str
    """Standard error, without the last line."""
    line: str
    """The last line: what it cost."""
    calls: tuple[CallRecord, ...]
    seen: tuple[dict[str, Any], ...] = field(repr=False)
    """All requests, decrypted by Tollway or not, as the simulator got them."""

    def passed(self) -> dict[str, str]:
        """Requests to providers that are no inference: host and path -> how many, which methods."""
        return _counted(one for one in self.seen if _is_ours(one) and not one["dialect"])

    def tunnelled(self) -> dict[str, str]:
        """Requests that Tollway did not see, since their hosts are no provider's."""
        return _counted(one for one in self.seen if not _is_ours(one))

    def sockets(self) -> list[dict[str, Any]]:
        """What the simulator heard on each WebSocket."""
        return [one["socket"] for one in self.seen if one["socket"] is not None]

    def coding(self, call: CallRecord) -> str:
        """The content coding of a call's request."""
        sizes = {one["size"]: dict(one["headers"]).get("content-encoding", "") for one in self.seen}
        return str(sizes.get(call.request_bytes, ""))

    def fallback(self) -> float | None:
        """Seconds from Codex's notice that its WebSocket was refused to the start of its call."""
        found = re.search(r"(\S+Z) +ERROR \S*responses_websocket: failed to connect", self.complained)
        if found is None or not self.calls:
            return None
        return self.calls[0].started_us / 1e6 - datetime.fromisoformat(found[1]).timestamp()


def _counted(requests: Any) -> dict[str, str]:
    methods: dict[str, list[str]] = {}
    for one in requests:
        methods.setdefault(f"{one['host']}{one['path']}", []).append(one["method"])
    return {where: " ".join(sorted(set(all_))) + f" x{len(all_)}" for where, all_ in sorted(methods.items())}


def _is_ours(request: Mapping[str, Any]) -> bool:
    return owner(load(()), request["host"], 443) is not None


def go(agent: Agent, plan: bool, folder: Path, sim: Running, **answer: Any) -> Outing:
    """Run it once in an empty home. `answer`: a scenario, on top of what a first turn is like."""
    sim.reset()
    sim.default(**{"usage": USAGE, "events": 20, **answer})
    return run(agent, plan, folder, sim)


def run(
    agent: Agent,
    plan: bool,
    folder: Path,
    sim: Running,
    options: Sequence[str] = (),
    keys: Mapping[str, str] | None = None,
) -> Outing:
    """Run it once in an empty home, with the simulator as it is. `options`: of `tollway run`; `keys`: of
    other providers, which only Tollway uses."""
    home = folder / "home"
    work = home / "work"
    work.mkdir(parents=True, exist_ok=True)
    variables = agent.log_in(home) if plan else {name: KEYS[_key(name)] for name in agent.key}
    variables |= keys or {}
    # Tunnelled hosts show the simulator's own certificates; `run` keeps what the user trusts.
    roots = dict.fromkeys(("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), str(sim.root_ca))
    office = Office(folder / "tollway", sim, {**roots, **variables, "HOME": str(home), "TERM": "dumb"})
    environment = {
        name: value
        for name, value in office.variables.items()
        if name in ("PATH", "TOLLWAY_HOME", *office.environment) or name.startswith("COVERAGE")
    }
    words = office.words("run", *options, "--", str(agent.program), *agent.words[1:])
    started = time.monotonic()
    done = subprocess.run(
        words,
        env=environment,
        cwd=work,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
    )
    *complaints, line = done.stderr.splitlines()
    return Outing(
        status=done.returncode,
        seconds=time.monotonic() - started,
        said=done.stdout,
        complained="\n".join(complaints),
        line=line,
        calls=tuple(office.calls()),
        seen=tuple(sim.seen()),
    )


def _key(name: str) -> str:
    return "OPENAI_API_KEY" if name == "CODEX_API_KEY" else name


def installed() -> bool:
    """Whether they are there to be run."""
    return all(os.access(agent.program, os.X_OK) for agent in AGENTS)
