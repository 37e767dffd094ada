"""What guardrails make of an answer: what is found is dealt with, and what was taken is put back."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial

from msgspec import Struct

from tollway.guardrails.answers import Channel, Filter, What
from tollway.guardrails.found import Found
from tollway.guardrails.plainly import Plainly, plain
from tollway.guardrails.restoring import Restoring
from tollway.guardrails.rule import Do, Rule, strictest
from tollway.guardrails.search import Detector, finds
from tollway.guardrails.segments import SURE
from tollway.guardrails.spot import Know, Known
from tollway.guardrails.verdict import RESPONSE, Finding, again, finding
from tollway.guardrails.window import END, PASS, Scanning, Verdict

NUMBER = "0"
"""Stands for a value of digits in JSON: there it may be no text."""


class Guards(Struct, frozen=True):
    """What an answer is to pass."""

    rules: Sequence[Rule] = ()
    """Those that look through it ..."""
    detectors: Sequence[Detector] = ()
    """... with these, that find nothing which is masked (`unmasked`)."""
    know: Know = lambda kind, value: Known()
    mask: Callable[[str, str], str] = lambda kind, value: ""
    """What stands for a value of a kind."""
    taken: Mapping[str, str] = {}
    """What was redacted of its request and is put back: by its placeholder, the value."""
    never_into: frozenset[str] = frozenset()
    """Tools, by name or pattern, into whose arguments nothing is put back."""
    finds: Callable[[str], bool] | None = None
    """Whether the detectors find something in a text, if somebody knows that sooner than by a search."""

    def __repr__(self) -> str:
        return f"Guards({len(self.rules)} rules, {len(self.taken)} taken)"


class Answering:
    """Of one answer: makes a filter for each of its texts."""

    def __init__(self, guards: Guards) -> None:
        self._guards = guards
        self._in_force = [rule for rule in guards.rules if not rule.shadow]
        self._shadows = [rule for rule in guards.rules if rule.shadow]
        self._holds = any(Do.FLAG < max(rule.certain, rule.generic) for rule in self._in_force)
        self._reach = min(SURE, max((rule.reach for rule in guards.rules), default=0))
        self._finds = guards.finds or partial(finds, detectors=guards.detectors)
        self._marks: dict[tuple[int, str], set[str]] = {}
        self._found: dict[tuple[str, str, Do, bool], Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found so far, each value once."""
        return tuple(self._found.values())

    def passes(self, texts: Sequence[str]) -> bool:
        """Whether nothing is found in these, each whole, and nothing is to be put back."""
        texts = [*texts, *(plain(text) for text in texts if "\\" in text)]
        if self._guards.rules and any(map(self._finds, texts)):
            return False
        return not self._guards.taken or all(map(self._has_nothing_to_restore, texts))

    def _has_nothing_to_restore(self, text: str) -> bool:
        back = Restoring(self._guards.taken)
        return back.feed(text) + back.end() == text

    def filter(self, channel: Channel, at_once: bool = False) -> Filter:
        """What a text passes: first what looks for something, as what is put back is the caller's own.
        `at_once`: nobody has anything of it before its end."""
        made = self._filter(channel, at_once)
        if not channel.json:
            return made
        changes = self._holds or bool(self._guards.taken)
        return Plainly(made) if changes else Listening(Plainly(made))

    def _filter(self, channel: Channel, at_once: bool) -> Filter:
        settle = partial(self._settle, channel)
        is_called = channel.what is What.ARGUMENTS
        back = Restoring(self._back(channel), quoted=channel.json, nested=is_called)
        if not self._guards.rules:
            return back
        look = Scanning(
            self._guards.detectors,
            settle,
            holds=self._holds,
            reach=self._reach,
            at_once=at_once,
            weigh=self._weigh,
        )
        return Behind(look, back) if self._guards.taken else look

    def _back(self, channel: Channel) -> Mapping[str, str]:
        """Into a tool whose name nobody says nothing is put back where some may not have it. What nothing
        here reads may be a tool's, too."""
        if channel.what is What.UNREAD:
            return {}
        if channel.what is not What.ARGUMENTS or not self._guards.never_into:
            return self._guards.taken
        tool = channel.tool
        kept = tool is None or any(fnmatchcase(tool, pattern) for pattern in self._guards.never_into)
        return {} if kept else self._guards.taken

    def _weigh(self, found: Found, value: str) -> int:
        """What is done with it, at most: a word that is flagged hides nothing that is to be taken out."""
        known = self._guards.know(found.kind, value)
        return max([rule.does(found, known) for rule in self._in_force], default=Do.IGNORE)

    def _settle(self, channel: Channel, found: Found, value: str) -> Verdict:
        known = self._guards.know(found.kind, value)
        self._note(channel, found, known, self._enough(self._shadows, found, known))
        do = self._note(channel, found, known, self._enough(self._in_force, found, known))
        if do is Do.BLOCK:
            return END
        if do is not Do.REDACT:
            return PASS
        return Verdict(NUMBER if channel.json and value.isdigit() else self._guards.mask(found.kind, value))

    def _enough(self, rules: Sequence[Rule], found: Found, known: Known) -> list[Rule]:
        """Those of which the answer has enough values by now."""
        asked = list[Rule]()
        for rule in rules:
            if rule.does(found, known) is not Do.IGNORE:
                marks = self._marks.setdefault((rule.number, found.kind), set())
                marks.add(known.mark)
                if len(marks) >= rule.least_for(found.kind):
                    asked.append(rule)
        return asked

    def _note(self, channel: Channel, found: Found, known: Known, rules: Sequence[Rule]) -> Do:
        said = strictest(found, known, rules)
        if said is None:
            return Do.IGNORE
        key = (found.kind, known.mark, said.do, said.rule.shadow)
        path = (channel.what.value, *channel.key)
        before = self._found.get(key)
        self._found[key] = again(before) if before else finding(found, known, said, path, RESPONSE)
        return said.do


class Listening:
    """A filter that changes nothing: every character goes on as it came, and at once."""

    ended = False

    def __init__(self, told: Filter) -> None:
        self._told = told

    def feed(self, text: str) -> str:
        """All of it."""
        self._told.feed(text)
        return text

    def end(self) -> str:
        """Nothing was held back."""
        self._told.end()
        return ""


class Behind:
    """A filter behind another one."""

    def __init__(self, first: Filter, second: Filter) -> None:
        self._first, self._second = first, second

    @property
    def ended(self) -> bool:
        """Whether the first one ended it."""
        return self._first.ended

    def feed(self, text: str) -> str:
        """Through both. What the second holds goes on where the first ends the answer."""
        passed = self._second.feed(self._first.feed(text))
        return passed + self._second.end() if self.ended else passed

    def end(self) -> str:
        """What both held."""
        return self._second.feed(self._first.end()) + self._second.end()
