"""Real programs, with nothing but the variables set: Tollway's certificates and the user's own pass."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.tollway.ca.clients import NODE, tool
from tests.tollway.ca.forgery import server_pem
from tollway.ca.authority import Authority
from tollway.ca.leaf import Leaves
from tollway.environment.prepare import prepare

Environment = dict[str, str]


@pytest.fixture
def ports(
    authority: Authority, now: datetime, tmp_path: Path, serve: Callable[[Path], int]
) -> dict[str, int]:
    """A server with a leaf of Tollway's, and one with a certificate of the user's own root."""
    leaf = Leaves(authority).entry("api.openai.com", now)
    (tmp_path / "tollway.pem").write_bytes(server_pem(leaf.key, leaf.cert, *leaf.chain))
    key, root = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Corporate Root")])
    own_root = _certificate(name, name, root, root, now, x509.BasicConstraints(ca=True, path_length=None))
    names = x509.SubjectAlternativeName([x509.DNSName("git.corp.example")])
    own = _certificate(x509.Name([]), name, key, root, now, names)
    (tmp_path / "own.pem").write_bytes(own_root.public_bytes(Encoding.PEM))
    (tmp_path / "corporate.pem").write_bytes(server_pem(key, own))
    return {
        "api.openai.com": serve(tmp_path / "tollway.pem"),
        "git.corp.example": serve(tmp_path / "corporate.pem"),
    }


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=10))
        .add_extension(extension, critical=True)
        .sign(signer, hashes.SHA256())
    )


@pytest.fixture
def environment(
    ports: dict[str, int], folder: Path, authority: Authority, bare: Environment, tmp_path: Path
) -> Callable[[str], Environment]:
    """The variables where the user has named an own bundle by the one variable given."""

    def prepared(own: str) -> Environment:
        present = {**bare, own: str(tmp_path / "own.pem")}
        found = prepare("http://127.0.0.1:1", folder, authority, present).variables
        # The servers of this test are reached directly.
        return {**bare, **found, "NO_PROXY": "*", "no_proxy": "*", "NODE_USE_ENV_PROXY": "0"}

    return prepared


def printed(command: list[str], environment: Environment) -> str:
    """What a command prints on both outputs."""
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    return result.stdout + result.stderr


@pytest.mark.parametrize("host", ["api.openai.com", "git.corp.example"])
@pytest.mark.parametrize("own", ["CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_curl(ports: dict[str, int], environment: Callable[[str], Environment], host: str, own: str) -> None:
    command = [tool("curl"), "-sS", "--connect-to", f"::127.0.0.1:{ports[host]}", f"https://{host}/"]

    assert printed(command, environment(own)) == "hi"


PYTHON = """
import socket, ssl, sys
raw = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
with ssl.create_default_context().wrap_socket(raw, server_hostname=sys.argv[1]):
    print("accepted")
"""


@pytest.mark.parametrize("host", ["api.openai.com", "git.corp.example"])
def test_python(ports: dict[str, int], environment: Callable[[str], Environment], host: str) -> None:
    command = [sys.executable, "-c", PYTHON, host, str(ports[host])]

    assert printed(command, environment("SSL_CERT_FILE")) == "accepted\n"


def test_node(ports: dict[str, int], environment: Callable[[str], Environment]) -> None:
    without_own_roots = NODE.replace("ca: require('fs').readFileSync(root)", "ca: undefined")
    pairs = [word for host, port in ports.items() for word in (host, str(port))]
    command = [tool("node"), "-e", without_own_roots, "-", *pairs]

    found = printed(command, environment("NODE_EXTRA_CA_CERTS"))

    assert found == "api.openai.com accepted\ngit.corp.example accepted\n"


@pytest.mark.parametrize("host", ["api.openai.com", "git.corp.example"])
@pytest.mark.parametrize("own", ["GIT_SSL_CAINFO", ""])
def test_git(
    ports: dict[str, int], environment: Callable[[str], Environment], host: str, own: str, bare: Environment,
    tmp_path: Path,
) -> None:  # fmt: skip
    """By its variable, and by its own setting."""
    if not own:
        (Path(bare["HOME"]) / ".gitconfig").write_text(f"[http]\nsslCAInfo = {tmp_path / 'own.pem'}\n")
    dialled = f"http.curloptResolve={host}:{ports[host]}:127.0.0.1"
    command = [tool("git"), "-c", dialled, "ls-remote", f"https://{host}:{ports[host]}/x"]

    assert "certificate" not in printed(command, environment(own or "UNUSED"))


@pytest.mark.slow
def test_java(ports: dict[str, int], environment: Callable[[str], Environment], tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "ca" / "Handshakes.java"
    pairs = [word for host, port in ports.items() for word in (host, str(port))]

    found = printed([tool("java"), str(source), *pairs], environment("UNUSED"))

    assert "api.openai.com accepted" in found
    assert "git.corp.example refused" in found


@pytest.mark.slow
def test_java_with_an_own_store(
    ports: dict[str, int], folder: Path, authority: Authority, bare: Environment, tmp_path: Path
) -> None:
    store = tmp_path / "own store.jks"
    subprocess.run(
        [tool("keytool"), "-importcert", "-noprompt", "-alias", "corporate", "-file", tmp_path / "own.pem",
         "-keystore", store, "-storetype", "JKS", "-storepass", "own-secret"],
        check=True, capture_output=True, env=bare,
    )  # fmt: skip
    own = f"'-Djavax.net.ssl.trustStore={store}' -Djavax.net.ssl.trustStorePassword=own-secret"
    found = prepare("http://127.0.0.1:1", folder, authority, {**bare, "JAVA_TOOL_OPTIONS": own})
    source = Path(__file__).parents[1] / "ca" / "Handshakes.java"
    pairs = [word for host, port in ports.items() for word in (host, str(port))]

    said = printed([tool("java"), str(source), *pairs], {**bare, **found.variables})

    assert not found.warnings
    assert "api.openai.com accepted" in said
    assert "git.corp.example accepted" in said
