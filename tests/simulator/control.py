"""The plain port's own paths: what was seen, and new rules, for a simulator in another process.

GET /__seen: {"seen": [...]} of the requests kept; DELETE /__seen: forget them, all rules and open gates.
GET /__stats: {"requests", "connections", "open", "faults"}.
POST /__scenario: {"host", "path", "times", "scenario": {...}} adds a rule; without host and path it
sets the default. The scenario is written as in `overrides`.
POST /__gate: {"open": NAME} lets the answers go whose scenario has that `gate`.
"""

from dataclasses import fields

import orjson

from tests.simulator.answer import Answer
from tests.simulator.desk import Desk
from tests.simulator.gates import Gates
from tests.simulator.overrides import override
from tests.simulator.rules import Rules
from tests.simulator.scenario import DEFAULT
from tests.simulator.seen import Log, Seen

HIDDEN = {"connection", "body", "scenario", "socket", "_decoded", "_lower"}


def control(seen: Seen, desk: Desk) -> Answer | None:
    """The answer to one of those paths, or None: TLS connections have no such paths."""
    if seen.connection.tls:
        return None
    rules, log = desk.rules, desk.log
    match (seen.method, seen.path):
        case ("GET", "/__seen"):
            return _json(
                200, {"seen": [_described(one) for one in log.seen if not one.path.startswith("/__")]}
            )
        case ("GET", "/__stats"):
            return _json(200, _stats(log, desk.faults))
        case ("DELETE", "/__seen"):
            log.seen.clear()
            rules.rules.clear()
            rules.default = DEFAULT
            desk.gates.close()
            return _json(200, {})
        case ("POST", "/__scenario"):
            return _add(seen, rules)
        case ("POST", "/__gate"):
            return _open(seen, desk.gates)
    return None


def _add(seen: Seen, rules: Rules) -> Answer:
    try:
        wish = seen.json
        scenario = override(DEFAULT, orjson.dumps(wish["scenario"]).decode())
    except (ValueError, KeyError, TypeError) as error:
        return _json(400, {"error": f"{type(error).__name__}: {error}"})
    if "host" in wish or "path" in wish:
        rules.on(wish.get("host", "*"), wish.get("path", "*"), scenario, times=wish.get("times"))
    else:
        rules.default = scenario
    return _json(200, {})


def _open(seen: Seen, gates: Gates) -> Answer:
    try:
        gates.open(seen.json["open"])
    except (ValueError, KeyError, TypeError) as error:
        return _json(400, {"error": f"{type(error).__name__}: {error}"})
    return _json(200, {})


def _stats(log: Log, faults: list[str]) -> dict[str, object]:
    return {
        "requests": log.requests,
        "connections": log.opened,
        "open": sum(connection.open for connection in log.connections),
        "faults": faults,
    }


def _described(seen: Seen) -> dict[str, object]:
    """A request as JSON: its plain fields, its connection and cut, and its body in numbers and text."""
    plain = {f.name: getattr(seen, f.name) for f in fields(seen) if f.name not in HIDDEN}
    connection = seen.connection
    return plain | {
        "connection": {"number": connection.number, "sni": connection.sni, "alpn": connection.alpn},
        "cut": seen.scenario.cut.how if seen.scenario.cut is not None else None,
        "size": seen.body.size,
        "sha256": seen.body.sha256,
        "socket": seen.socket.described() if seen.socket is not None else None,
        "json": _decoded(seen),
    }


def _decoded(seen: Seen) -> object:
    try:
        return seen.json
    except ValueError:
        return None


def _json(status: int, value: object) -> Answer:
    body = orjson.dumps(value)
    headers = (("content-type", "application/json"),)
    return Answer(status=status, headers=headers, pieces=(body,), size=len(body))
