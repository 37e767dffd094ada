"""AI providers on loopback, for tests, benchmarks and the demo: whatever they do, right or wrong, on demand.

```python
async with Simulator(tmp_path) as sim:                       # TLS on sim.port, plain on sim.plain_port
    sim.scenario = Scenario(events=300, interval=0.002)      # for all requests ...
    sim.on("api.openai.com", "/v1/*", Scenario(status=429), times=1)   # ... but for this one
    ...                                                      # trust sim.root_ca, dial sim.connect_to(host)
    seen = await sim.wait_for(lambda s: s.client_left)
    assert seen.json["model"] == "gpt-5" and seen.events_written < 300

    # Sockets: the first call on each is refused, the others are answered.
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(Scenario(status=429),)))
    ...
    seen = await sim.wait_for(lambda s: s.socket is not None and s.socket.over == 2)
    assert seen.socket.heard[0].json["type"] == "response.create"
```
"""

from tests.simulator.certificates import Host
from tests.simulator.scenario import Cut, Scenario, Socket
from tests.simulator.seen import Connection, Seen
from tests.simulator.server import Simulator
from tests.simulator.usage import Iteration, Usage

__all__ = ["Connection", "Cut", "Host", "Iteration", "Scenario", "Seen", "Simulator", "Socket", "Usage"]
