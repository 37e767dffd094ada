"""What real clients make of the authority, and of what a thief of its key signs."""

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.tollway.ca.clients import CLIENTS, tool
from tests.tollway.ca.forgery import Thief, server_pem
from tollway.ca.authority import Authority
from tollway.ca.leaf import Leaves

Serve = Callable[[Path], int]
Client = Callable[[Path, dict[str, int]], dict[str, str | None]]

STOLEN = {
    "127.0.0.1": "api.openai.com",
    "storage.googleapis.com": "us-central1-aiplatform.googleapis.com",
    "s3.amazonaws.com": "bedrock-runtime.us-east-1.amazonaws.com",
    "evil.example": "tollway.internal",
    "api.openai.com": "openai.azure.com",
}
"""Name -> the issuer whose leaf a thief gives it: the last one is permitted, but not to that issuer."""


@pytest.fixture
def root(authority: Authority, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(authority.root_pem())
    return path


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.slow] if name == "java" else []) for name in CLIENTS]
)
def client(request: pytest.FixtureRequest) -> Client:
    return CLIENTS[request.param]


def test_leaves_for_provider_hosts_are_accepted(
    client: Client, authority: Authority, root: Path, now: datetime, serve: Serve
) -> None:
    leaves, ports = Leaves(authority), {}
    for host in ("api.openai.com", "acme.openai.azure.com", "tollway.internal", "a" * 60 + ".api.openai.com"):
        leaf = leaves.entry(host, now)
        file = root.with_name(f"{host}.pem")
        file.write_bytes(server_pem(leaf.key, leaf.cert, *leaf.chain))
        ports[host] = serve(file)

    assert client(root, ports) == dict.fromkeys(ports)


def test_leaves_for_other_names_signed_with_the_stolen_key_are_refused(
    client: Client, root: Path, thief: Thief, serve: Serve
) -> None:
    ports = {name: serve(thief.leaf(name, under)) for name, under in STOLEN.items()}

    verdicts = client(root, ports)

    assert verdicts.keys() == STOLEN.keys()
    for verdict in verdicts.values():
        assert any(word in (verdict or "") for word in ("subtree", "name constraints"))


def test_a_thief_can_not_hide_the_name_in_the_subject(
    client: Client, root: Path, thief: Thief, serve: Serve
) -> None:
    """Some clients fall back to the common name where there is no alternative one."""
    port = serve(thief.leaf("evil.example", alternative=False))

    assert client(root, {"evil.example": port})["evil.example"] is not None


def test_a_thief_can_not_make_an_authority(client: Client, root: Path, thief: Thief, serve: Serve) -> None:
    port = serve(thief.leaf_of_own_authority("evil.example"))

    assert client(root, {"evil.example": port})["evil.example"] is not None


def test_no_issuer_lets_an_address_pass(root: Path, thief: Thief, serve: Serve) -> None:
    for host in thief.authority.permitted:
        (verdict,) = CLIENTS["python"](root, {"127.0.0.1": serve(thief.leaf("127.0.0.1", host))}).values()

        assert verdict in ("permitted subtree violation", "excluded subtree violation")


@pytest.mark.parametrize("purpose", ["smimesign", "smimeencrypt", "sslclient"])
def test_the_stolen_key_signs_no_mail_and_no_client(root: Path, thief: Thief, purpose: str) -> None:
    forged = thief.leaf_for_mail("chief@example.com")

    verified = subprocess.run(
        [tool("openssl"), "verify", "-CAfile", root, "-untrusted", forged, "-purpose", purpose, forged],
        capture_output=True, text=True,
    )  # fmt: skip

    assert verified.returncode != 0
    assert "purpose" in verified.stderr


def test_git_accepts_and_refuses_likewise(
    authority: Authority, root: Path, thief: Thief, now: datetime, serve: Serve
) -> None:
    """On Debian it is built with GnuTLS, which none of the others is."""
    leaf = Leaves(authority).entry("api.openai.com", now)
    good = root.with_name("good.pem")
    good.write_bytes(server_pem(leaf.key, leaf.cert, *leaf.chain))

    def said(name: str, port: int) -> str:
        dialled = f"http.curloptResolve={name}:{port}:127.0.0.1"
        return subprocess.run(
            [tool("git"), "-c", dialled, "-c", f"http.sslCAInfo={root}", "ls-remote", f"https://{name}:{port}/x"],
            capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "GIT_TERMINAL_PROMPT": "0"},
        ).stderr  # fmt: skip

    assert "certificate" not in said("api.openai.com", serve(good))
    assert "certificate" in said("evil.example", serve(thief.leaf("evil.example")))
