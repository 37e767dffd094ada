"""How a client's system comes to trust the CA, and its programs to use the proxy."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tollway.ca.trust import TARGETS
from tollway.environment.exports import exports
from tollway.page.html import Child, Markup, element

FILE = "tollway-ca.pem"
URL = "http://tollway.internal/ca.pem"
NAMES: Mapping[str, str] = {
    "debian": "Debian, Ubuntu",
    "rhel": "Fedora, RHEL, Rocky, Alma",
    "macos": "macOS",
    "windows": "Windows",
    "java": "Java",
    "firefox": "Firefox on Linux",
}
_BUNDLES: Mapping[str, str] = {
    "debian": "/etc/ssl/certs/ca-certificates.crt",
    "rhel": "/etc/pki/tls/certs/ca-bundle.crt",
}
"""Where a system has all that it trusts, for runtimes that have roots of their own."""
_SYSTEMS = (
    ("windows", re.compile(r"Windows|PowerShell", re.IGNORECASE)),
    (None, re.compile(r"iPhone|iPad|Android", re.IGNORECASE)),
    ("macos", re.compile(r"Mac OS X|Macintosh|Darwin", re.IGNORECASE)),
    ("rhel", re.compile(r"Fedora|Red Hat|CentOS|Rocky|AlmaLinux", re.IGNORECASE)),
    ("debian", re.compile(r"Linux|X11", re.IGNORECASE)),
)


class Root(Struct, frozen=True, kw_only=True):
    """The CA's root, as the page tells of it."""

    pem: bytes
    """The certificate alone."""
    id: str
    fingerprint: str
    ends: datetime


class Setup(Struct, frozen=True, kw_only=True):
    """What the instructions go by."""

    root: Root
    """That which signs."""
    others: tuple[Root, ...] = ()
    """Those that are to be trusted beside it, while one takes the other's place."""
    proxy: str | None
    """Its address, as the caller reaches it; None: the network leads there by itself."""
    takes_tokens: bool
    """Callers show a token in the proxy's address."""
    target: str | None
    """For which system; None: that is not known."""


def file_of(root: Root) -> str:
    """The name of a file with this one of several."""
    return f"tollway-ca-{root.id}.pem"


def system_of(user_agent: str) -> str | None:
    """The system that a browser says it runs on, as a key of NAMES."""
    return next((target for target, named in _SYSTEMS if named.search(user_agent[:1000])), None)


def setup(said: Setup) -> Child:
    """Step by step."""
    target = said.target or "debian"
    roots = (said.root, *said.others)
    files = [file_of(root) for root in roots] if said.others else [FILE]
    trusts = [TARGETS[target](Path(file), root.id) for file, root in zip(files, roots, strict=True)]
    return [
        _systems(said.target),
        element("h2", "1. The CA's certificate"),
        element("p", element("a", f"Download {FILE}", href="/ca.pem", download=FILE), ", or:"),
        element("pre", _fetch(said, target)),
        element(
            "p",
            "Compare its fingerprint with what the people who run this proxy tell you: whoever is between "
            "you and it could give you another one.",
        ),
        _both(said) if said.others else None,
        [certificate(root) for root in roots],
        element("h2", f"2. {NAMES[target]} trusts it"),
        [element("pre", trust.text()) for trust in trusts],
        element("h2", "3. Programs use the proxy"),
        _variables(said, target),
    ]


def certificate(root: Root) -> Markup:
    """What is to know of it."""
    pairs = [("SHA-256", root.fingerprint), ("Ends", f"{root.ends:%Y-%m-%d}")]
    return element("dl", [(element("dt", name), element("dd", text)) for name, text in pairs], class_="names")


def _systems(here: str | None) -> Markup:
    links = [
        element("a", name, href=f"/setup?for={target}", aria_current="true" if target == here else None)
        for target, name in NAMES.items()
    ]
    return element("nav", element("ul", [element("li", link) for link in links]), aria_label="Systems")


def _both(said: Setup) -> Markup:
    return element(
        "p",
        "The CA's certificate is being replaced: trust both of them for now, the new one before the proxy "
        f"goes over to it. The file {FILE} has both, as programs read it; systems take them one by one.",
    )


def _fetch(said: Setup, target: str) -> str:
    curl = "curl.exe" if target == "windows" else "curl"
    through = f" --proxy {said.proxy}" if said.proxy is not None else ""
    lines = [f"{curl}{through} -o {FILE} {URL}"]
    for root in (said.root, *said.others) if said.others else ():
        lines.append(f"{curl}{through} -o {file_of(root)} '{URL}?id={root.id}'")
    files = [file_of(root) for root in (said.root, *said.others)] if said.others else [FILE]
    return "\n".join([*lines, *(f"openssl x509 -in {file} -noout -fingerprint -sha256" for file in files)])


def _variables(said: Setup, target: str) -> Child:
    if said.proxy is None:
        return element("p", "Nothing to do: the network leads to it.")
    shell = "powershell" if target == "windows" else "sh"
    proxy = said.proxy.replace("http://", "http://jwt:TOKEN@", 1) if said.takes_tokens else said.proxy
    names = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "NODE_USE_ENV_PROXY": "1"}
    if (bundle := _BUNDLES.get(target)) is not None:
        names |= {"SSL_CERT_FILE": bundle, "REQUESTS_CA_BUNDLE": bundle, "NODE_EXTRA_CA_CERTS": bundle}
    token = "Put your token in the place of TOKEN. " if said.takes_tokens else ""
    command = f'eval "$(tollway env --ca {FILE} --proxy {proxy})"'
    if shell == "powershell":
        command = (
            f"tollway env --shell powershell --ca {FILE} --proxy {proxy} | Out-String | Invoke-Expression"
        )
    return [
        element("p", f"{token}For programs that are started from one shell:"),
        element("pre", exports(names, shell).rstrip("\n")),
        element("p", "Or, with Tollway installed, for each runtime that has roots of its own, too:"),
        element("pre", command),
    ]
