"""Adds up what becomes of calls."""

from tollway.actions import Kind as Did
from tollway.actions import blocked_by
from tollway.actions import kinds as actions_of
from tollway.backtest.attempt import Attempt
from tollway.backtest.by import By, by_limit
from tollway.backtest.effects import Effects, Figures, LetIn, Share
from tollway.backtest.fate import Fate
from tollway.backtest.purse import Purse

Model = tuple[str, str | None]
"""With its provider in front."""
Caller = tuple[str | None, str | None]
"""A user, or where there is none a service."""
_DID = {Did.CLAMP: "clamped", Did.WAIT: "waited", Did.ROUTE: "rerouted"}


class Tally:
    """Of one replay."""

    def __init__(self) -> None:
        self.shares: dict[Caller, Share] = {}
        self.effects: dict[By, Effects] = {}
        self.undone_nano = 0
        """What the policy of then saved by routes and the cache, and this one does not."""
        self.bounded = 0
        """Calls that have a recorded bound, of those that hard limits in money or tokens hold; ..."""
        self.streams = 0
        """Of them, those whose answer was a stream; ..."""
        self.unbounded = 0
        """... and those that have none."""
        self._let_in: list[Attempt] = []
        self._answered: dict[Model, list[int]] = {}
        """How many metered calls of a model were answered, and what they cost."""
        self.refused_then: dict[str, int] = {}
        """How many calls each limit or rate refused then, by name, as far as rows say whose it was."""
        self.kept_refused = 0
        """Calls that were refused then for what a replay does not look at."""
        self.merged_calls = 0
        """Calls that are not told apart any more."""

    def held(self, attempt: Attempt) -> None:
        """A call that a hard limit holds by its bound."""
        if attempt.bound_nano is None:
            self.unbounded += 1
        else:
            self.bounded += 1
            self.streams += attempt.stream

    def plain(self, attempt: Attempt, nano: int) -> None:
        """A call to which nothing is done, and was not then. `nano`: what it costs."""
        share = self._share(attempt)
        share.calls += attempt.calls
        if attempt.is_metered:
            share.then.cost_nano += attempt.cost_nano
            share.now.cost_nano += nano
            self.undone_nano += attempt.cost_nano - nano
            if attempt.status is not None and attempt.status < 400 and not attempt.is_hit:
                answered = self._answered.setdefault((attempt.provider, attempt.model), [0, 0])
                answered[0] += attempt.calls
                answered[1] += attempt.cost_nano
        else:
            share.then.notional_nano += attempt.cost_nano
            share.now.notional_nano += nano

    def stays_refused(self, attempt: Attempt) -> None:
        """A call that was refused then for what a replay does not look at."""
        self.plain(attempt, attempt.cost_nano)
        share = self._share(attempt)
        share.then.refused += 1
        share.now.refused += 1
        self.kept_refused += 1

    def merged(self, attempt: Attempt) -> None:
        """Calls of which the ledger has one row: they are as they were."""
        self.plain(attempt, attempt.cost_nano)
        self.merged_calls += attempt.calls
        if attempt.refusal is not None:
            share = self._share(attempt)
            share.then.refused += attempt.calls
            share.now.refused += attempt.calls
            self._refused_then(attempt)

    def add(self, attempt: Attempt, fate: Fate, now_us: int) -> None:
        """A call whose fate it is, at a moment."""
        refused = fate.refused is not None
        nano = 0 if refused else fate.here.load.nano
        self.plain(attempt, nano)
        share = self._share(attempt)
        self._then(attempt, share.then, refused)
        for purse in fate.over:
            found = self._of(by_limit(purse.limit))
            found.over += 1
            _note(found, purse, now_us)
        if fate.refused is not None:
            self._refused(attempt, share, fate.refused, fate.purse, now_us)
            return
        for what in {deed.what for deed in fate.deeds}:
            setattr(share.now, what, getattr(share.now, what) + 1)
        for what, who in {(deed.what, deed.by): None for deed in fate.deeds}:
            found = self._of(who)
            setattr(found, what, getattr(found, what) + 1)
        if attempt.is_metered:
            for deed in fate.deeds:
                self._of(deed.by).saved_nano += deed.saved_nano
                self.undone_nano -= deed.saved_nano

    def alert(self, purse: Purse, level: int, now_us: int) -> None:
        """A bucket has come to an alert level of its limit."""
        self._of(by_limit(purse.limit)).alerts.setdefault(level, []).append(now_us)

    @property
    def total(self) -> Share:
        """Over all calls."""
        found = Share()
        for share in self.shares.values():
            found.add(share)
        return found

    @property
    def let_in(self) -> LetIn:
        """The calls that were refused then, and are not under the policy."""
        found = LetIn(calls=len(self._let_in))
        for attempt in self._let_in:
            found.bound_nano += attempt.bound_nano or 0
            calls, nano = self._answered.get((attempt.provider, attempt.model), (0, 0))
            if calls and attempt.is_metered:
                found.likely_calls += 1
                found.likely_nano += nano // calls
        return found

    def _refused(self, attempt: Attempt, share: Share, who: By, purse: Purse | None, now_us: int) -> None:
        found = self._of(who)
        found.refused += 1
        share.now.refused += 1
        share.refused_us = now_us if share.refused_us is None else share.refused_us
        share.refused_by[who] = share.refused_by.get(who, 0) + 1
        if purse is not None:
            _note(found, purse, now_us)
        if attempt.is_metered:
            found.saved_nano += attempt.cost_nano
            self.undone_nano -= attempt.cost_nano

    def _then(self, attempt: Attempt, then: Figures, refused: bool) -> None:
        """What was done to it when it was made."""
        if attempt.refusal is not None:
            then.refused += 1
            self._refused_then(attempt)
            if not refused:
                self._let_in.append(attempt)
            return
        done = actions_of(attempt.action)
        for did, name in _DID.items():
            if did in done:
                setattr(then, name, getattr(then, name) + 1)

    def _refused_then(self, attempt: Attempt) -> None:
        if (name := blocked_by(attempt.action)) is not None:
            self.refused_then[name] = self.refused_then.get(name, 0) + attempt.calls

    def _share(self, attempt: Attempt) -> Share:
        caller = attempt.user, None if attempt.user else attempt.service
        found = self.shares.get(caller)
        if found is None:
            found = self.shares[caller] = Share()
        return found

    def _of(self, who: By) -> Effects:
        return self.effects.setdefault(who, Effects())


def _note(found: Effects, purse: Purse, now_us: int) -> None:
    found.whose.setdefault(tuple(purse.bucket.values.items()), now_us)
