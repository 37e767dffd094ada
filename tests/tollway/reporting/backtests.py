"""What a backtest found, for tests of what shows it."""

from zoneinfo import ZoneInfo

from tests.tollway.backtest.samples import backtested, call, refused
from tollway.backtest.result import Backtest
from tollway.model import Billing

BERLIN = ZoneInfo("Europe/Berlin")
TEXT = """
access: [{deny: {model: "*opus*"}, name: no-opus}]
faults: {subscriptions: refuse}
limits:
  - {name: user-day, per: user, amount: 0.000400 USD, window: day, alerts: [50%], then: [wait 5s, block]}
  - {name: small-first, amount: 0.0006 USD, window: month, at: {50%: {route: down}}}
  - {name: seen, amount: 0.0002 USD, window: rolling 24h, enforce: shadow}
rates: [{name: often, per: user, allow: 3 requests / minute, then: [block]}]
routes: {down: [{from: gpt-4o, to: openai/gpt-4o-mini}]}
always: [{match: {team: trial}, route: down}]
"""
CALLS = (
    *(call(f"a{n}", 20 * n, user="ann", nano=150_000) for n in range(6)),
    call("b", 50, user="ben", model="claude-opus-4-8", nano=50_000),
    call("c", 60, service="ci", team="trial", nano=150_000),
    call("d", 70, billing=Billing.NOTIONAL, nano=80_000),
    refused("e", 80, user="eve\x1b[31m"),
    *(call(f"q{n}", 100 + n, user=f"quiet-{n}", model="gpt-4.1", nano=100) for n in range(3)),
)


def found() -> Backtest:
    """Of calls to which everything happens."""
    return backtested(TEXT, CALLS)


def nothing() -> Backtest:
    """Of calls to which nothing happens."""
    return backtested("limits: [{name: day, amount: 1 USD, window: day}]", [call("a"), call("b", 60)])
