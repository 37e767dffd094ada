"""The policy in force: who calls, and what limits and routes make of it. Another takes its place at once."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from tollway import clock
from tollway.accounting import Accounting
from tollway.admission import Ways
from tollway.callers import Callers
from tollway.candidate import Candidate
from tollway.candidates import Candidates
from tollway.model import CallRecord
from tollway.policy.limits import Limits
from tollway.policy.schema import Faults, Policy
from tollway.providers.registry import Registry
from tollway.quarantine import Quarantine
from tollway.rerouting import Request, Rerouting, credentials
from tollway.routing.resolve import Rule
from tollway.tightening import Tightening

Asking = Callable[[], Request]
"""Reads a request, which most calls that fit need not have done."""
BETA = "anthropic-beta"


class Governing:
    """Holds one policy at a time."""

    def __init__(
        self,
        accounting: Accounting,
        registry: Registry,
        quarantine: Quarantine,
        environment: Mapping[str, str],
    ) -> None:
        """Nothing is in force until the first `swap`. `environment` has the credentials that they name."""
        self._accounting = accounting
        self._registry = registry
        self._quarantine = quarantine
        self._environment = environment
        self._tightening = Tightening()
        self.callers = Callers(clock.now)
        nothing = Policy(version=1)
        self.swap(nothing, Limits(nothing))

    def swap(self, policy: Policy, limits: Limits) -> None:
        """Put a policy in force, whose limits the ledger has adopted."""
        self.policy = policy
        self.limits = limits
        self._quarantine.accept(policy.faults.accept_bound)
        self.candidates = Candidates(
            limits,
            self._accounting,
            unknown_price=policy.faults.unknown_price,
            quarantined=self._quarantine.has,
        )
        routes = {
            name: [Rule(rule.from_, rule.to) for rule in rules] for name, rules in policy.routes.items()
        }
        credential = credentials(policy.credentials, self._environment)
        self._rerouting = Rerouting(routes, credential, self._registry, self.candidates)
        self.callers.swap(policy)

    @property
    def faults(self) -> Faults:
        """What to do when something is wrong."""
        return self.policy.faults

    @property
    def zone(self) -> ZoneInfo:
        """Whose calendar windows follow."""
        return self.policy.zone

    def learner(self, candidate: Candidate, request: Asking) -> Callable[[CallRecord], None] | None:
        """What learns from the call's end, for the next turn of its conversation."""
        return self._tightening.learner(candidate, request().headers.get(BETA, ""))

    def _tighter(self, whole: Candidate, request: Asking) -> Candidate | None:
        bound = self._tightening.tighter(whole, request().headers.get(BETA, ""))
        return self.candidates.bounded(whole, bound) if bound is not None else None

    def ways(self, first: Candidate, request: Asking, now_us: Callable[[], int]) -> Ways:
        """What can be done to a call that does not fit, each time under the policy in force by then."""
        return Ways(
            clamp=lambda whole, balances: self.candidates.fitting(whole, balances),
            least=lambda whole: self.candidates.least(whole),
            route=lambda whole, name, tried: self._rerouting.moved(first, whole, name, tried, request()),
            tighten=lambda whole: self._tighter(whole, request),
            renew=lambda whole: self.candidates.renewed(whole, now_us()),
        )
