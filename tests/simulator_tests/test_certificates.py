"""Certificates are right for any name, and wrong where told."""

import ssl

import pytest
from cryptography import x509

from tests.simulator import Host, Scenario, Simulator
from tests.simulator.client import RawClient

GET = b"GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n"


async def names(sim: Simulator, host: str) -> list[str]:
    async with await RawClient.open(sim.address, sim.port, tls=host, root_ca=sim.root_ca) as client:
        await client.send(GET)
        await client.response("GET")
        leaf = x509.load_der_x509_certificate(client.certificate)
    found = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in found]


@pytest.mark.parametrize(
    "host", ["api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com", "any.example"]
)
async def test_every_name_gets_its_own_leaf(sim: Simulator, host: str) -> None:
    assert await names(sim, host) == [host]
    assert sim.connections[0].sni == host


async def test_addresses_and_localhost_are_served_too(sim: Simulator) -> None:
    assert await names(sim, "127.0.0.1") == ["localhost", "127.0.0.1", "::1"]


async def test_extra_names_do_no_harm(sim: Simulator) -> None:
    sim.hosts["api.openai.com"] = Host(names=("api.openai.com", "*.openai.azure.com", "evil.example"))

    assert "evil.example" in await names(sim, "api.openai.com")


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        (Host(names=("evil.example",)), "Hostname mismatch"),
        (Host(expired=True), "certificate has expired"),
        (Host(trusted=False), "unable to get local issuer"),
    ],
)
async def test_wrong_certificates_are_refused_by_clients(sim: Simulator, host: Host, reason: str) -> None:
    sim.hosts["api.openai.com"] = host

    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        await names(sim, "api.openai.com")

    assert not sim.seen


async def test_strict_verification_passes(sim: Simulator, trust: ssl.SSLContext) -> None:
    """RFC 5280 to the letter, which is the default from Python 3.13 on."""
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trust.wrap_bio(incoming, outgoing, server_hostname="api.openai.com")
    async with await RawClient.open(sim.address, sim.port) as raw:
        for _ in range(3):
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                await raw.send(outgoing.read())
                incoming.write(await raw.receive())

        assert client.version() == "TLSv1.3"


async def test_no_key_stays_on_disk(sim: Simulator) -> None:
    await names(sim, "api.openai.com")

    files = sorted(sim.root_ca.parent.iterdir())

    assert [file.name for file in files] == ["root.pem", "stranger.pem"]
    assert not any(b"PRIVATE KEY" in file.read_bytes() for file in files)


async def test_hosts_and_scenarios_go_together(sim: Simulator) -> None:
    sim.on("api.anthropic.com", "*", Scenario(status=529))
    async with await RawClient.open(
        sim.address, sim.port, tls="api.anthropic.com", root_ca=sim.root_ca
    ) as client:
        await client.send(GET.replace(b"Host: h", b"Host: api.anthropic.com:443"))

        assert (await client.response("GET")).status == 529
