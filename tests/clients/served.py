"""`tollway serve` where callers are known by tokens, and programs that show theirs as developers do it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clients.played import KEYS
from tests.tollway.command import Office
from tests.tollway.identity.issuer import rsa_key, signed
from tests.tollway.issuers.provider import Provider
from tollway import clock

PROXY = "proxy_jwt: {{issuer: '{issuer}', audience: tollway, challenge: true}}"
"""Shown to the proxy."""
HEADER = "header_jwt: {{header: {header}, issuer: '{issuer}', audience: tollway}}"
"""Shown to it in a header of the call."""
POLICY = """
version: 1
identity: [{{{source}}}]
claims: {{user: email, team: "groups[0]", role: role}}
limits:
  - {{name: team-day, per: team, amount: 100 USD, window: day}}
  - {{name: no-money-for-interns, match: {{role: intern}}, amount: 0 USD, window: day}}
"""
REFUSED = "no-money-for-interns"
"""What the message of the limit names."""


@dataclass(frozen=True)
class Served:
    """A proxy that listens, and an identity provider that it knows."""

    office: Office
    provider: Provider
    port: int

    def token(self, role: str = "senior", **claims: object) -> str:
        """Ann's, of the team `search`."""
        now = int(clock.now())
        said = {"iss": self.provider.issuer, "aud": "tollway", "exp": now + 600, "iat": now}
        ann = {"email": "ann@example.com", "groups": ["search"], "role": role}
        return signed({**said, **ann, **claims}, rsa_key("a"), header={"kid": "a"})

    def url(self, token: str = "") -> str:
        """The proxy's address, as a developer writes it."""
        return f"http://jwt:{token}@127.0.0.1:{self.port}" if token else f"http://127.0.0.1:{self.port}"

    def environment(self, url: str, own: Mapping[str, str]) -> dict[str, str]:
        """What `eval "$(tollway env --proxy URL)"` makes of a bare one and the program's own variables."""
        assert self.office.sim is not None
        names = ("PATH", "HOME", "TOLLWAY_HOME")
        root = str(self.office.sim.root_ca)  # of the hosts that are tunnelled to
        roots = {"SSL_CERT_FILE": root, "NODE_EXTRA_CA_CERTS": root}
        bare = {name: self.office.variables[name] for name in names} | roots | {**own}
        done = self.office.run("env", "--format", "json", "--proxy", url, env=bare)
        assert done.returncode == 0, done.stderr
        return {**bare, **json.loads(done.stdout)["variables"]}

    def run(
        self, words: Sequence[str], url: str, own: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A program, to its end."""
        return subprocess.run(
            words,
            env=self.environment(url, {**KEYS, "PYTHONPATH": "", **(own or {})}),
            cwd=folder or self.office.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


@contextmanager
def served(office: Office, provider: Provider, header: str = "", mode: str = "regular") -> Iterator[Served]:
    """One for as long as the context lasts. `header`: where tokens stand, if not shown to the proxy."""
    source = (HEADER if header else PROXY).format(issuer=provider.issuer, header=header)
    with serving(office, POLICY.format(source=source), mode) as port:
        yield Served(office, provider, port)


@contextmanager
def serving(office: Office, text: str, mode: str = "regular") -> Iterator[int]:
    """The port of a proxy of this policy, for as long as the context lasts."""
    assert office.sim is not None
    office.sim.default(usage={"input_tokens": 5, "output_tokens": 5})
    policy = office.home.parent / "policy.yaml"
    policy.write_text(text)
    words = ("--listen", "127.0.0.1:0", "--mode", mode, "--policy", str(policy))
    with office.start("serve", *words) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield int(line.rpartition(":")[2])
        finally:
            process.terminate()
            process.communicate(timeout=120)


def python(client: str) -> list[str]:
    """The words of `programs/one_call.py` with one of its clients."""
    return [sys.executable, str(Path(__file__).with_name("programs") / "one_call.py"), client]
