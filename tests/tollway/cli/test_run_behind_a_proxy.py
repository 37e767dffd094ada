"""`tollway run` where HTTPS_PROXY is set already: by way of that proxy."""

import asyncio

from tests.tollway.cli.test_run import CHAT, THOUSAND
from tests.tollway.command import Office, caller
from tests.tollway.proxies import SECRET, company


async def test_calls_go_by_way_of_it_with_its_log_in(office: Office) -> None:
    """Providers' certificates are checked by what the user has programs trust: the proxy may make its own."""
    sim = office.sim
    assert sim is not None
    sim.default(usage=THOUSAND)

    async with company(sim.address, sim.port, sim.plain_port) as found:
        variables = {"HTTPS_PROXY": found.login, "SSL_CERT_FILE": str(sim.root_ca)}
        behind = Office(office.home, None, variables)
        done = await asyncio.to_thread(behind.run, "run", "--", *caller(CHAT, CHAT))

    assert done.stdout == "200\n200\n"
    assert "for 2 calls" in done.stderr
    assert SECRET not in done.stderr
    assert set(found.asked) == {"CONNECT api.openai.com:443 HTTP/1.1"}
    assert found.shown == {"basic bwu6cznjcmv0"}
    assert len(office.calls()) == 2
