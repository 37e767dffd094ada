"""The policy in force: what limits, routes and networks make of calls. Another takes its place at once."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from tollway.accounting import Accounting
from tollway.admission import Ways
from tollway.candidate import Candidate
from tollway.candidates import Candidates
from tollway.identity.networks import Networks, network_of, networks
from tollway.model import NOBODY, CallRecord, Identity
from tollway.policy.access import Caller
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
MOST_REMEMBERED = 4096
"""Addresses whose callers are known; then all are looked up again."""


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
        self._known: dict[str, Identity] = {}
        self._networks: Sequence[Networks[Caller]] = [
            networks({str(network): who for network, who in source.networks.items()})
            for source in policy.identity
        ]

    @property
    def faults(self) -> Faults:
        """What to do when something is wrong."""
        return self.policy.faults

    @property
    def zone(self) -> ZoneInfo:
        """Whose calendar windows follow."""
        return self.policy.zone

    def who(self, address: str) -> Identity:
        """Who calls from there: by the first source of the policy that knows it."""
        known = self._known.get(address)
        if known is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            known = self._known[address] = self._look_up(address)
        return known

    def _look_up(self, address: str) -> Identity:
        for source in self._networks:
            if (found := network_of(source, address)) is not None:
                network, who = found
                return Identity(
                    user=who.user,
                    team=who.team,
                    role=who.role,
                    service=who.service,
                    groups=who.groups,
                    network=network,
                )
        return NOBODY

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
