"""Real TLS clients: functions of a root and name -> port, to name -> None if accepted, else why not."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tollway.ca import keystore

Ports = Mapping[str, int]
Verdicts = dict[str, str | None]
Client = Callable[[Path, Ports], Verdicts]

BARE = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/nonexistent"}
"""An environment without proxies and bundles."""


def tool(name: str) -> str:
    """The path of a program; a loud skip without it."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"NO {name.upper()}: {name} is not on PATH, what it accepts is not tested")
    return path


def python(root: Path, ports: Ports) -> Verdicts:
    """With the flag that is on by default from Python 3.13."""
    context = ssl.create_default_context(cafile=root)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    found: Verdicts = {}
    for name, port in ports.items():
        with socket.create_connection(("127.0.0.1", port), timeout=120) as raw:
            try:
                context.wrap_socket(raw, server_hostname=name).close()
                found[name] = None
            except ssl.SSLCertVerificationError as error:
                found[name] = error.verify_message
    return found


def openssl(root: Path, ports: Ports) -> Verdicts:
    found: Verdicts = {}
    for name, port in ports.items():
        check = "-verify_ip" if name[0].isdigit() else "-verify_hostname"
        result = subprocess.run(
            [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", str(root),
             "-verify_return_error", check, name, "-servername", "any.example"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=BARE,
        )  # fmt: skip
        found[name] = None if "Verify return code: 0 (ok)" in result.stdout else result.stderr
    return found


def curl(root: Path, ports: Ports) -> Verdicts:
    found: Verdicts = {}
    for name, port in ports.items():
        result = subprocess.run(
            [tool("curl"), "-sS", "--cacert", str(root), "--connect-to", f"::127.0.0.1:{port}", f"https://{name}/"],
            capture_output=True, text=True, env=BARE,
        )  # fmt: skip
        found[name] = None if result.stdout == "hi" else result.stderr
    return found


NODE = """
const [root, ...pairs] = process.argv.slice(1)
const shake = (name, port) => new Promise(resolve => {
  const options = {host: '127.0.0.1', port, ca: require('fs').readFileSync(root)}
  if (!require('net').isIP(name)) options.servername = name
  options.checkServerIdentity = (_, certificate) => require('tls').checkServerIdentity(name, certificate)
  const socket = require('tls').connect(options, () => { socket.destroy(); resolve('accepted') })
  socket.on('error', error => resolve('refused: ' + error.message))
})
;(async () => {
  for (let i = 0; i < pairs.length; i += 2) console.log(pairs[i], await shake(pairs[i], +pairs[i + 1]))
})()
"""


def node(root: Path, ports: Ports) -> Verdicts:
    result = subprocess.run(
        [tool("node"), "-e", NODE, str(root), *_pairs(ports)], capture_output=True, text=True, env=BARE
    )
    return _read(result.stdout)


def java(root: Path, ports: Ports, *options: str) -> Verdicts:
    keystore.write(root.with_suffix(".p12"), [], root.read_bytes())
    source = Path(__file__).with_name("Handshakes.java")
    result = subprocess.run(
        [tool("java"), f"-Djavax.net.ssl.trustStore={root.with_suffix('.p12')}", *options, str(source),
         *_pairs(ports)],
        capture_output=True, text=True, env=BARE,
    )  # fmt: skip
    return _read(result.stdout)


CLIENTS: dict[str, Client] = {
    "python": python,
    "openssl": openssl,
    "curl": curl,
    "node": node,
    "java": java,
}


def _pairs(ports: Ports) -> list[str]:
    return [word for name, port in ports.items() for word in (name, str(port))]


def _read(output: str) -> Verdicts:
    lines = (line.partition(" ") for line in output.splitlines())
    return {name: None if verdict == "accepted" else verdict for name, _, verdict in lines}
