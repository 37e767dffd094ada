"""Runtimes that are here, asked themselves: each makes a call to the proxy's own name, through the proxy.

`https://tollway.internal/whoami` goes to nobody but the proxy, and its certificate goes back to the same root
as those for providers' hosts.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files

from msgspec import Struct

from tollway.asking import TUNNELLED, shown
from tollway.diagnosis import node
from tollway.diagnosis.trust import Outcome, View
from tollway.environment.upstream import Upstream
from tollway.symptoms.program import Printed, run

SCRIPTS = files("tollway.symptoms") / "scripts"
NODE, USE_PROXY = "Node", "--use-env-proxy"
MOST_SAID = 200
"""Characters of a program's own words."""
CURL_UNTRUSTED = 60
"""Its exit status for a certificate that it does not trust."""


class Runtime(Struct, frozen=True, kw_only=True):
    """How one is asked, and how its answer is read."""

    name: str
    words: Sequence[str]
    variables: tuple[str, ...]
    """Where it looks for its roots: the first that is set counts."""
    otherwise: str
    """What it trusts if none is."""
    read: Callable[[Printed], tuple[Outcome, str, str]]
    """Its outcome, its own words, its version."""


def _scripted(printed: Printed) -> tuple[Outcome, str, str]:
    """The answer of a script of ours: an object in its last line."""
    try:
        said = json.loads(printed.out.splitlines()[-1])
        return Outcome(said["outcome"]), str(said["said"]), str(said["version"])
    except (ValueError, KeyError, IndexError, TypeError):
        return Outcome.FAILED, printed.err.strip().rpartition("\n")[2], ""


def _curl(printed: Printed) -> tuple[Outcome, str, str]:
    if printed.status == 0:
        return Outcome.ACCEPTED, "", ""
    outcome = Outcome.REFUSED if printed.status == CURL_UNTRUSTED else Outcome.FAILED
    said = printed.err.partition("\n")[0].rpartition(") ")[2]
    return outcome, said.removeprefix("SSL certificate problem: "), ""


def _git(printed: Printed) -> tuple[Outcome, str, str]:
    """There is no repository, which it says once it has trusted the certificate."""
    said = next((line for line in printed.err.splitlines() if line.startswith("fatal: ")), printed.err)
    if "not found" in said or "not valid" in said or "error: 40" in said:
        return Outcome.ACCEPTED, "", ""
    outcome = Outcome.REFUSED if "certificate" in said.lower() else Outcome.FAILED
    return outcome, said.rpartition("': ")[2], ""


def _python(name: str, module: str, *variables: str, otherwise: str) -> Runtime:
    script = (SCRIPTS / "handshake.py").read_text("utf-8")
    words = ("python3", "-W", "ignore", "-c", script, module, TUNNELLED)
    return Runtime(name=name, words=words, variables=variables, otherwise=otherwise, read=_scripted)


def runtimes() -> tuple[Runtime, ...]:
    """All that are asked."""
    return (
        _python("Python", "urllib.request", "SSL_CERT_FILE", otherwise="the system's roots"),
        _python("Python requests", "requests", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", otherwise="certifi"),
        _python("Python httpx, OpenAI, Anthropic", "httpx", "SSL_CERT_FILE", otherwise="certifi"),
        Runtime(
            name=NODE,
            words=("node", "-e", (SCRIPTS / "handshake.js").read_text("utf-8"), TUNNELLED),
            variables=("NODE_EXTRA_CA_CERTS",),
            otherwise="its own roots",
            read=_scripted,
        ),
        Runtime(
            name="curl",
            words=("curl", "--silent", "--show-error", "--output", "/dev/null", TUNNELLED),
            variables=("CURL_CA_BUNDLE", "SSL_CERT_FILE"),
            otherwise="the system's roots",
            read=_curl,
        ),
        Runtime(
            name="git",
            words=("git", "-c", "credential.helper=", "ls-remote", TUNNELLED),
            variables=("GIT_SSL_CAINFO", "SSL_CERT_FILE"),
            otherwise="the system's roots",
            read=_git,
        ),
    )


async def asked(runtime: Runtime, proxy: Upstream, environment: Mapping[str, str], seconds: float) -> View:
    """What became of its call. `environment` leads it through the proxy."""
    variable = next((name for name in runtime.variables if environment.get(name)), None)
    roots = variable or runtime.otherwise
    try:
        printed = await run(runtime.words, environment, seconds)
    except OSError:  # not there, or not to be run
        return View(runtime=runtime.name, outcome=Outcome.ABSENT)
    if printed is None:
        return View(runtime=runtime.name, outcome=Outcome.LATE)
    outcome, said, version = runtime.read(printed)
    told = environment.get("NODE_USE_ENV_PROXY") == "1" or USE_PROXY in environment.get("NODE_OPTIONS", "")
    return View(
        runtime=f"{runtime.name} {version}".strip() if runtime.name == NODE else runtime.name,
        outcome=outcome,
        said=shown(said, proxy, *_login(environment["HTTPS_PROXY"]))[:MOST_SAID],
        roots=roots,
        past=node.past(_numbers(version), told) if runtime.name == NODE and version else None,
    )


def _login(url: str) -> tuple[str, str]:
    """What stands in a URL before its host, coded as it may be, and the password in it."""
    login = url.rpartition("@")[0].rpartition("//")[2]
    return login, login.partition(":")[2]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
