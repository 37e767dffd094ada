"""A throw-away certificate authority: a root made at start, a leaf for every name asked for."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FROM, UNTIL, LONG_AGO = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2049, 2021))
"""Fixed dates: the simulator needs no clock to be trusted now, or to have expired."""
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """How a host shows itself in the TLS handshake."""

    names: tuple[str, ...] | None = None
    """The certificate's names; None: the one asked for. Foreign or extra names are given here."""
    expired: bool = False
    trusted: bool = True
    """False: issued by a root that nobody has."""
    alpn: tuple[str, ...] = ("h2", "http/1.1")
    """Protocols offered, best first; empty: no ALPN at all, hence HTTP/1.1."""


GOOD_HOST = Host()


class HostContext(ssl.SSLContext):
    """A TLS context that remembers whose it is."""

    sni: str | None = None
    speaks_http1: bool = True
    """False: a client that does not negotiate HTTP/2 is turned away."""


class Authority:
    """Issues leaves under its own root. Its key stays in memory; `root.pem` is in the folder."""

    def __init__(self, folder: Path, *, file: str = "root.pem") -> None:
        self.folder = folder
        self.root_ca = folder / file
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._make_root()
        folder.mkdir(parents=True, exist_ok=True)
        self.root_ca.write_bytes(self._root.public_bytes(serialization.Encoding.PEM))

    def context(self, sni: str | None, host: Host) -> HostContext:
        """A server context with a fresh leaf for this host."""
        context = HostContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni = sni
        context.speaks_http1 = not host.alpn or "http/1.1" in host.alpn
        if host.alpn:
            context.set_alpn_protocols(list(host.alpn))
        names = host.names if host.names is not None else ((sni,) if sni else LOCAL)
        path = self.folder / f"leaf-{id(context):x}.pem"
        self.write_leaf(path, names, LONG_AGO if host.expired else UNTIL)
        context.load_cert_chain(path)
        path.unlink()  # OpenSSL has read it
        return context

    def write_leaf(self, path: Path, names: tuple[str, ...] = LOCAL, until: datetime = UNTIL) -> None:
        """A fresh leaf and its key, as PEM."""
        path.touch(mode=0o600)
        path.write_bytes(self._leaf(names, until))

    def _make_root(self) -> x509.Certificate:
        name = _name("Tollway simulator, throw-away root")
        key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = _builder(name, name, self._key.public_key(), UNTIL)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(signs=True), critical=True)
        return builder.add_extension(key_id, critical=False).sign(self._key, hashes.SHA256())

    def _leaf(self, names: tuple[str, ...], until: datetime) -> bytes:
        public = self._leaf_key.public_key()
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = _builder(_name(names[0][:64]), self._root.subject, public, until)
        for extension, critical in (
            (x509.SubjectAlternativeName([_alternative(name) for name in names]), False),
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (issuer, False),
            (x509.SubjectKeyIdentifier.from_public_key(public), False),
        ):
            builder = builder.add_extension(extension, critical=critical)
        certificate = builder.sign(self._key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM) + self._leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), FROM, until)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip
