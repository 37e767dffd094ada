"""The policy in force: who calls, and what limits and routes make of it. Another takes its place at once."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from tollway import clock
from tollway.access.handed_in import handed_in
from tollway.access.judging import Denial, denial
from tollway.access.rules import Access
from tollway.accounting import Accounting
from tollway.breakers import Breakers
from tollway.budget.attributes import vouched
from tollway.budget.bucket import Balance
from tollway.callers import NOBODYS, Callers
from tollway.candidate import Candidate
from tollway.candidates import Candidates
from tollway.exchange import Exchange
from tollway.identity.virtual_key import VirtualKey
from tollway.model import CallRecord
from tollway.policy.admins import Administrators
from tollway.policy.caching import caching
from tollway.policy.credentials import Credential
from tollway.policy.key_file import Owners
from tollway.policy.limits import Limits
from tollway.policy.on_request import Permissions, why_not
from tollway.policy.recording import recording
from tollway.policy.schema import Faults, Policy
from tollway.policy.whose_key import WhoseKey
from tollway.provider_keys import ProviderKeys
from tollway.providers.registry import Registry
from tollway.quarantine import Quarantine
from tollway.rerouting import Request, Rerouting
from tollway.routing.resolve import Target
from tollway.routing.setting import Settings
from tollway.screening import Screening
from tollway.standing import StandingRoutes
from tollway.staying import Staying
from tollway.switching import Asking, Switching
from tollway.tightening import Tightening
from tollway.ways import Ways, staying

BETA = "anthropic-beta"


class Governing:
    """Holds one policy at a time."""

    def __init__(
        self,
        accounting: Accounting,
        registry: Registry,
        quarantine: Quarantine,
        environment: Mapping[str, str],
        find: Callable[[bytes], VirtualKey | None] = lambda digest: None,
        guard_key: bytes = b"",
        machine: str = "",
    ) -> None:
        """Nothing is in force until the first `swap`. `environment` has the credentials that they name;
        `find`: a key that Tollway gave out, by its digest; `guard_key`: by which what guardrails find is
        known; `machine`: which this is of those that share answers, if any do."""
        self._machine = machine
        self.guard_key = guard_key
        self._accounting = accounting
        self._registry = registry
        self._quarantine = quarantine
        self._tightening = Tightening()
        self._staying = Staying(accounting)
        self.callers = Callers(clock.now, find)
        self.provider_keys = ProviderKeys(environment, clock.now)
        self.breakers = Breakers(clock.now)
        nothing = Policy(version=1)
        self.swap(nothing, Limits(nothing))

    def swap(
        self,
        policy: Policy,
        limits: Limits,
        owners: Owners = NOBODYS,
        screening: Screening | None = None,
    ) -> None:
        """Put a policy in force, whose limits the ledger has adopted. `owners`: what its key files say;
        `screening`: what searches for its guardrails, if it has any."""
        self.policy = policy
        self.screening = screening
        self.limits = limits
        self.access = Access(policy.access)
        self.recording = recording(policy)
        self.cache = caching(policy, self._machine)
        self._quarantine.accept(policy.faults.accept_bound)
        self.candidates = Candidates(
            limits,
            self._accounting,
            unknown_price=policy.faults.unknown_price,
            store_down=policy.faults.store_down,
            quarantined=self._quarantine.has,
        )
        routes = {name: [rule.as_met for rule in rules] for name, rules in policy.routes.items()}
        self.whose_key = WhoseKey(policy.credentials)
        self.provider_keys.keep(self.whose_key.places)
        keys = self.provider_keys.of
        self._rerouting = Rerouting(
            routes,
            self._credential,
            keys,
            self._registry,
            self.candidates,
            self.denial,
            policy.zone,
            lambda target, call: self.breakers.rest(target, call.credential),
        )
        self._look = frozenset(
            name for name, rules in policy.routes.items() if any(r.when.left for r in rules)
        )
        self.always = StandingRoutes(policy.always)
        self._switching = Switching(self.always, self._rerouting, self._staying)
        self.administrators = Administrators(policy.admins, bool(policy.identity))
        self._permissions = Permissions(policy.on_request)
        self.callers.swap(policy, owners)

    def decides(self, call: Exchange) -> bool:
        """Whether there may be anything to say of what a call costs, or where it goes."""
        return bool(self.limits) or bool(self.always) or call.wish is not None

    def has_to_look(self, first: Candidate) -> bool:
        """Whether a route that it may take before any limit is asked goes by what its limits have left."""
        if not self._look or not first.wants:
            return False
        return first.call.wish in self._look or not self._look.isdisjoint(self.always.names(first))

    def wish_refused(self, first: Candidate) -> str | None:
        """Why a call may not ask for the route that it asks for; None: it may, or asks for none."""
        wish = first.call.wish
        return None if wish is None else why_not(wish, self._permissions.of(vouched(first.row)))

    def sent(
        self, first: Candidate, request: Asking, balances: Sequence[Balance] = ()
    ) -> tuple[Candidate, tuple[str, ...]]:
        """The call where the route that it asks for sends it, else where `always` does; and what was done.

        `balances`: of its buckets, if it `has_to_look` at them.
        """

        done: tuple[str, ...] = ()
        if (wish := first.call.wish) is not None:
            moved = self._rerouting.moved(first, first, wish, frozenset(), request(), balances)
            said = f"route {wish} on request"
            if not isinstance(moved, str):
                return moved, (said,)
            done = (f"{said} skipped: {moved}",)
        if not self.always or first.call.asked is None:
            return first, done
        sent, more = self._switching.sent(first, request, balances)
        return sent, (*done, *more)

    def caching(self, first: Candidate, sent: Candidate) -> Callable[[CallRecord], None] | None:
        """What learns from the call's end, for where its conversation has its cache. `sent`: as by `sent`."""
        return self._switching.learner(first, sent)

    def at(
        self, first: Candidate, target: Target, request: Request, settings: Settings = ()
    ) -> Candidate | str:
        """The call at a target, with these parameters; a text: why it can't go there."""
        return self._rerouting.at(first, target, request, settings)

    def _credential(self, provider: str, call: CallRecord) -> Credential | None:
        """What says which key the policy has for a provider and a call; None: it has none."""
        return self.whose_key.of(provider, lambda: vouched(call))

    def may_be_ours(self, provider: str) -> bool:
        """Whether calls to a provider may get a key of the operator's."""
        return self.whose_key.may_be_ours(provider)

    def own_keys(self) -> frozenset[str]:
        """All keys of the operator's that are at hand: no text that is kept is to have one."""
        found = (self.provider_keys.of(place) for place in self.whose_key.places)
        return frozenset(key for key in found if key is not None)

    async def stop(self) -> None:
        """Fetch no keys any more."""
        self.callers.stop()
        await self.provider_keys.stop()

    @property
    def faults(self) -> Faults:
        """What to do when something is wrong."""
        return self.policy.faults

    @property
    def zone(self) -> ZoneInfo:
        """Whose calendar windows follow."""
        return self.policy.zone

    def denial(self, call: Exchange) -> Denial | None:
        """Why the access rules do not admit a call; None: they do."""
        if not self.access:
            return None
        batch = None if call.batch is None else handed_in(call.endpoint, call.batch)
        return denial(self.access, call, call.parsed, self.faults, batch)

    def learner(
        self, candidate: Candidate, request: Asking, near: bool
    ) -> Callable[[CallRecord], None] | None:
        """What learns from the call's end, to bound its conversation's next turn. `near`: a limit is."""
        return self._tightening.learner(candidate, request().headers.get(BETA, ""), near)

    def _tighter(self, whole: Candidate, request: Asking) -> Candidate | None:
        bound = self._tightening.tighter(whole, request().headers.get(BETA, ""))
        return self.candidates.bounded(whole, bound) if bound is not None else None

    def ways(
        self,
        first: Candidate,
        request: Asking,
        now_us: Callable[[], int],
        balances: Sequence[Balance] = (),
    ) -> Ways:
        """What can be done to a call that does not fit, each time under the policy in force by then.

        `balances`: by which it was sent where it is, as of `sent`.
        """
        if first.call.played is not None or first.call.hands_in:
            return staying(lambda whole: self.candidates.renewed(whole, now_us()))
        return Ways(
            clamp=lambda whole, balances: self.candidates.fitting(whole, balances),
            least=lambda whole: self.candidates.least(whole),
            route=lambda whole, name, tried, now: self._rerouting.moved(
                first, whole, name, tried, request(), now
            ),
            route_softly=lambda whole, name, tried, now: self._switching.softly(
                first, whole, name, tried, request, now
            ),
            insist=lambda whole: self._switching.insisted(first, whole, request, balances),
            tighten=lambda whole: self._tighter(whole, request),
            renew=lambda whole: self.candidates.renewed(whole, now_us()),
        )
