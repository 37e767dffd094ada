"""Where a route sends a call, as a candidate: gathered from the policy's routes and credentials."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tollway import clock
from tollway.access.judging import Denial
from tollway.bound.bound import Bound
from tollway.bound.capacity import capacity_of
from tollway.budget.attributes import attributes
from tollway.budget.bucket import Balance
from tollway.budget.left import left_in
from tollway.candidate import Candidate
from tollway.candidates import Candidates
from tollway.exchange import Exchange
from tollway.model import Asked, Billing, CallRecord, Kind
from tollway.policy.credentials import Credential
from tollway.providers.registry import Registry
from tollway.routing.abilities import FEWEST_BYTES, abilities_of, context_of
from tollway.routing.circumstances import Circumstances
from tollway.routing.maximum import lowered
from tollway.routing.place import Place, place
from tollway.routing.resolve import Choice, Rule, Target, choices, keepers, means
from tollway.routing.rewrite import Moved, Sent, moved
from tollway.routing.setting import MAXIMUM, Settings, changed
from tollway.routing.share import point
from tollway.routing.socket_place import IN_FRAMES, reopened, socket_place
from tollway.routing.soundness import FLAT, SIGNED, unsound
from tollway.routing.tries import Tries
from tollway.staying import Stay, Waits
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

UTC = ZoneInfo("UTC")
NOTHING = "no rule of it is about {}"
UNREAD = "its body is not what the path takes"


class Request(Struct, frozen=True, kw_only=True):
    """The request as it came, apart from its body."""

    method: str
    port: int
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """By lower-case name."""


class Rerouting:
    """The routes of one policy."""

    def __init__(
        self,
        routes: Mapping[str, Sequence[Rule]],
        credential: Callable[[str, CallRecord], Credential | None],
        key: Callable[[str], str | None],
        registry: Registry,
        candidates: Candidates,
        denial: Callable[[Exchange], Denial | None] = lambda call: None,
        zone: ZoneInfo = UTC,
        rests: Callable[[str, CallRecord], bool] = lambda target, call: False,
    ) -> None:
        """`credential`: which key the policy has for a provider and a call; None: it names none. `key`: the
        key of a place, if there is one. `denial`: why a call is not admitted at its target. `zone`: whose
        time of day rules go by. `rests`: whether a target, by its text, is left alone for now."""
        self._routes = routes
        self._credential = credential
        self._key = key
        self._registry = registry
        self._candidates = candidates
        self._denial = denial
        self._zone = zone
        self._rests = rests

    def moved(
        self,
        first: Candidate,
        whole: Candidate,
        name: str,
        tried: frozenset[str],
        request: Request,
        balances: Sequence[Balance] = (),
    ) -> Candidate | str:
        """The call where a rule of the route sends it; a text: why it goes nowhere.

        `first`: as the client sent it; `whole`: where it is now, which the rules are about; `balances`: of
        its buckets there, as far as they were looked at.
        """
        found = self.moved_from(None, first, whole, name, tried, request, balances)
        assert not isinstance(found, Waits)
        return NOTHING.format(whole.target) if found is None else found

    def moved_from(
        self,
        stay: Stay | None,
        first: Candidate,
        whole: Candidate,
        name: str,
        tried: frozenset[str],
        request: Request,
        balances: Sequence[Balance] = (),
    ) -> Candidate | Waits | str | None:
        """As `moved`, unless that loses more than it saves; None: no rule is about the call as it is now.

        `stay`: where its conversation has its cache; None: nowhere, or that does not count.
        """
        row, why = whole.row, None
        rules = self._routes.get(name, ())
        if first.call.endpoint.kind is Kind.SOCKET:
            rules = [rule for rule in rules if not rule.reads]
        share = point(name, row) if any(rule.others for rule in rules) else 0
        asks = any(rule.when is not None for rule in rules)
        call = circumstances(first, row, self._zone, balances) if asks else None

        def rests(one: Target) -> bool:
            return self._rests(str(one), row)

        later: Waits | None = None
        by: Rule | None = None
        for choice in choices(rules, row.provider, row.model, tried, share, call, rests):
            if later is not None and choice.rule is not by:
                break
            by = choice.rule
            there = self.at(first, choice.target, request, choice.rule.set)
            if isinstance(there, str):
                why = f"{choice.target}: {there}"
            elif stay is None or by.at_once or (waits := stay.waits(there)) is None:
                tries = _tries(name, choice)
                return there if tries is None else replace(there, tries=tries)
            else:
                later = later or _still_tried(waits, name, choice)
        return why if later is None else later

    def is_about(self, name: str, call: CallRecord) -> bool:
        """Whether a rule of the route means the call's model, whatever else it asks."""
        return call.model is not None and any(
            means(rule.from_, call.provider, call.model) for rule in self._routes.get(name, ())
        )

    def kept(self, first: Candidate, names: Sequence[str], at: str, request: Request) -> Candidate | None:
        """The call where earlier turns of its conversation went; None: it can't go there, or not any more.

        `at`: that, as `provider/model`: where the client sent it, or a rule of one of these routes does.
        """
        if self._rests(at, first.row):
            return None
        if at == first.target:
            return first
        provider, model = first.row.provider, first.row.model or ""
        rules = [rule for name in names for rule in self._routes.get(name, ())]
        kept = next((one for one in keepers(rules, provider, model) if str(one.target) == at), None)
        found = UNREAD if kept is None else self.at(first, kept.target, request, kept.rule.set)
        return None if isinstance(found, str) else found

    def at(
        self, first: Candidate, target: Target, request: Request, settings: Settings = ()
    ) -> Candidate | str:
        """The call at a target, with these parameters; a text: why it can't go there, or have them."""
        call = first.call
        if call.endpoint.kind is Kind.SOCKET:
            return IN_FRAMES if settings else self._opened(first, target, request)
        if str(target) == first.target:
            return self._stayed(first, request, settings) if settings else first
        if call.asked is None or call.parsed is None or call.body is None:
            return UNREAD
        found = place(self._registry, call.endpoint, request.port, request.method, request.path, target)
        if isinstance(found, str):
            return found
        if (why := self._unsound(first, found)) is not None:
            return why
        sent = Sent(path=request.path, headers=request.headers, body=call.body, parsed=call.parsed)
        gone = self._moved(sent, found, self._credential(found.endpoint.provider, first.row))
        if isinstance(gone, str):
            return gone
        return self._candidate(first, gone, settings, found.same_provider)

    def _stayed(self, first: Candidate, request: Request, settings: Settings) -> Candidate | str:
        """The call where the client sent it, with these parameters."""
        call, model = first.call, first.row.model
        if call.body is None or call.parsed is None or model is None:
            return UNREAD
        if call.signed:
            return SIGNED
        if call.billing is Billing.NOTIONAL or call.endpoint.is_untouched:
            return FLAT
        here = Moved(
            endpoint=call.endpoint,
            host=call.host,
            port=request.port,
            path=request.path,
            model=model,
            same_host=True,
            body=call.body,
            members=call.parsed,
            set={},
            remove=(),
        )
        found = self._candidate(first, here, settings, same_provider=True)
        return found if isinstance(found, str) or found.set else first

    def _opened(self, first: Candidate, target: Target, request: Request) -> Candidate | str:
        """The socket where it would be opened at a target."""
        call = first.call
        if str(target) == first.target:
            return first
        if call.signed:
            return SIGNED
        if call.billing is Billing.NOTIONAL or call.endpoint.is_untouched:
            return FLAT
        found = socket_place(self._registry, call.endpoint, request.port, request.path, target)
        if isinstance(found, str):
            return found
        gone = self._reopened(request, found, self._credential(found.endpoint.provider, first.row))
        if isinstance(gone, str):
            return gone
        there = call.with_(
            endpoint=gone.endpoint,
            host=gone.host,
            asked=replace(call.asked or Asked(), model=gone.model),
            parsed=gone.members,
            ruling=replace(call.ruling, asked=first.row.model),
        )
        if (denied := self._denial(there)) is not None:
            return denied.message
        return replace(self._candidates.any(there), moved=gone)

    def _reopened(self, request: Request, found: Place, entry: Credential | None) -> Moved | str:
        if found.same_host or entry is None:
            return reopened(request.path, request.headers, found)
        there = replace(found, key_header=entry.header or found.key_header)
        gone = reopened(request.path, request.headers, there, self._key_for(entry, found))
        return gone if isinstance(gone, str) else replace(gone, injected=entry.inject)

    def _key_for(self, entry: Credential, found: Place) -> str | None:
        """The policy's key, if it is at hand and the place's host may have it."""
        may_have_it = not entry.hosts or found.endpoint.host in entry.hosts
        return self._key(entry.inject) if entry.inject is not None and may_have_it else None

    def _moved(self, sent: Sent, found: Place, entry: Credential | None) -> Moved | str:
        if found.same_host or entry is None or entry.inject is None:
            return moved(sent, found)
        key = self._key_for(entry, found)
        gone = moved(sent, replace(found, key_header=entry.header or found.key_header), key)
        return gone if isinstance(gone, str) else replace(gone, injected=entry.inject)

    def _unsound(self, first: Candidate, found: Place) -> str | None:
        call = first.call
        assert call.asked is not None
        assert call.parsed is not None
        provider, model = found.endpoint.provider, found.model
        context = context_of(provider, model)
        return unsound(
            call.endpoint,
            found,
            call.parsed,
            asked=call.asked.model or call.endpoint.model,
            signed=call.signed,
            subscription=call.billing is Billing.NOTIONAL,
            input_tokens=_length(first, context) if context is not None else None,
            context=context,
            lacks=abilities_of(provider, model).lacks,
        )

    def _candidate(
        self, first: Candidate, gone: Moved, settings: Settings, same_provider: bool
    ) -> Candidate | str:
        members = gone.members
        asked = DIALECTS[gone.endpoint.dialect].read_request(gone.endpoint, members)
        done: tuple[str, ...] = ()
        if gone.model != first.row.model or not same_provider:
            most = capacity_of(gone.endpoint.provider, gone.model).max_output
            less = lowered(gone.endpoint, asked, gone.body, members, most)
            if isinstance(less, str):
                return less
            if less is not None:
                gone, done = replace(gone, body=less), (MAXIMUM,)
                members, asked = _read(gone, first.call.media_type)
        if settings:
            put = changed(gone.endpoint, asked, gone.body, members, settings, same_provider)
            if isinstance(put, str):
                return put
            gone, done = replace(gone, body=put.body), tuple(dict.fromkeys((*done, *put.names)))
            members, asked = _read(gone, first.call.media_type)
        call = first.call.with_(
            endpoint=gone.endpoint,
            host=gone.host,
            body=gone.body,
            parsed=members,
            asked=replace(asked, session=first.row.session, account=first.row.account),
            dialect=DIALECTS[gone.endpoint.dialect],
            translated=gone.tools,
            ruling=replace(first.call.ruling, asked=first.row.model),
        )
        if (denied := self._denial(call)) is not None:
            return denied.message
        return replace(self._candidates.any(call), moved=gone, set=done)


def _length(first: Candidate, context: int) -> int:
    """The tokens of its input: rather more than they are likely to be, but no more than they can be.

    Its bound alone counts a token for each byte: little that is long would go anywhere. Texts are counted,
    which takes a while, only where the whole body might be too long for this context.
    """
    call, bound = first.call, first.bound
    assert call.body is not None
    assert call.parsed is not None
    if (whole := len(call.body) // FEWEST_BYTES) <= context:
        return whole
    texts = DIALECTS[call.endpoint.dialect].texts(call.parsed)
    likely = sum(len(text.encode("utf-8", "replace")) for text in texts) // FEWEST_BYTES
    most = bound.usage.input_tokens if isinstance(bound, Bound) else None
    return likely if most is None else min(likely, most)


def _read(gone: Moved, media_type: str) -> tuple[Mapping[str, Any], Asked]:
    """A request's members, and what it asks for, where it goes."""
    members = parsed(gone.body, media_type)
    assert members is not None  # it was an object, of which members were changed
    return members, DIALECTS[gone.endpoint.dialect].read_request(gone.endpoint, members)


def _tries(name: str, choice: Choice) -> Tries | None:
    if (failing := choice.rule.failing) is None:
        return None
    return Tries(route=name, failing=failing, here=choice.target, rest=choice.rest, set=choice.rule.set)


def _still_tried(waits: Waits, name: str, choice: Choice) -> Waits:
    """Where it stays it may fail, too: then it goes where it would have gone."""
    if (failing := choice.rule.failing) is None:
        return waits
    here = Target(*waits.here.target.split("/", 1))
    rest = tuple([target for target in (choice.target, *choice.rest) if target != here])
    tries = Tries(route=name, failing=failing, here=here, rest=rest, set=choice.rule.set)
    return replace(waits, here=replace(waits.here, tries=tries))


def circumstances(
    first: Candidate, row: CallRecord, zone: ZoneInfo, balances: Sequence[Balance] = ()
) -> Circumstances:
    """What rules may ask of a call. `first`: as the client sent it; `row`: where it is now."""
    call = first.call
    return Circumstances(
        attributes=attributes(row),
        at=clock.utc(row.started_us / 1_000_000).astimezone(zone),
        size=len(call.body or b""),
        stream=row.stream,
        body=call.parsed or {},
        left=left_in(balances),
    )
