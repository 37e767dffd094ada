"""Whether a condition of a rule is met: for certain, or possibly."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tollway.access.seen import Seen, Unread
from tollway.access.spelling import Spelled, family, meant
from tollway.policy.pattern import Condition, is_pattern, matcher, tester


class Met(NamedTuple):
    """How far a condition is met."""

    surely: bool
    """What an allow rule goes by, and the `unless` of a deny rule."""
    possibly: bool
    """What a deny rule goes by, and the `unless` of an allow rule."""


UNKNOWN, WAIVED = Met(surely=False, possibly=True), Met(surely=True, possibly=False)

type Judge = Callable[[Seen], Met]


def judge(name: str, condition: Condition) -> Judge:
    """Says how far a call meets a condition."""
    if name == "model":
        return _of_model(condition)
    meets = tester(name, condition)

    def met(seen: Seen) -> Met:
        if name == "group" and seen.groups_unknown:
            return UNKNOWN
        known = meets(seen.attributes.get(name))
        if name == "operation" and seen.operation is not None and (condition.negated or not known):
            return _unread(seen.operation)
        return Met(known, known)

    return met


def _of_model(condition: Condition) -> Judge:
    names = Names(condition.values)
    negated = condition.negated

    def met(seen: Seen) -> Met:
        if isinstance(seen.model, Unread):
            return _unread(seen.model)
        found = names.of(seen.model, seen.attributes.get("provider"))
        return Met(not found.possibly, not found.surely) if negated else found

    return met


def _unread(state: Unread) -> Met:
    return UNKNOWN if state is Unread.UNKNOWN else WAIVED


class Names:
    """The models that a condition names."""

    def __init__(self, texts: Iterable[str]) -> None:
        plain = [meant(text) for text in texts if not is_pattern(text)]
        self._patterns = [Pattern(text) for text in texts if is_pattern(text)]
        self._means_all = any(not text.strip("*") for text in texts)
        self._sure = frozenset(one for each in plain for one in each.sure)
        self._loose = frozenset(one for each in plain for one in each.loose)
        self._undated = frozenset(one for each in plain for one in each.undated)
        families = {family(text) for text in (*self._loose, *filter(is_pattern, texts))}
        self._families = [matcher("model", text) for text in families if text.strip("*?-")]

    def of(self, model: Spelled | None, provider: object) -> Met:
        """How far they are a model's."""
        if model is None:
            return Met(surely=False, possibly=False)
        if self._means_all:
            return Met(surely=True, possibly=True)
        surely = self._has(model.sure, self._sure, provider, Pattern.surely)
        possibly = (
            not model.is_clear
            or surely
            or self._has(model.loose, self._undated, provider, Pattern.possibly)
            or not self._loose.isdisjoint(model.undated)
            or any(matches(one) for matches in self._families for one in model.families)
        )
        return Met(surely, possibly)

    def _has(
        self,
        names: frozenset[str],
        plain: frozenset[str],
        provider: object,
        means: Callable[["Pattern", str], bool],
    ) -> bool:
        """Whether one of a model's names is meant, as it is or with `provider/` in front."""
        if not plain.isdisjoint(names):
            return True
        placed = [f"{provider}/{name}" for name in names]
        return not plain.isdisjoint(placed) or any(
            means(pattern, one) for pattern in self._patterns for one in (*names, *placed)
        )


class Pattern:
    """A pattern of models' names."""

    def __init__(self, text: str) -> None:
        self._matches = matcher("model", text)
        self._has_path, self._has_mark = "/" in text, ":" in text

    def possibly(self, name: str) -> bool:
        """Whether it may mean a model of this name."""
        return self._matches(name) is not None

    def surely(self, name: str) -> bool:
        """Whether it means the model by what its maker calls it, not by what a caller may put around that: a
        path, a variant, the name of a fine-tuned one."""
        if "/" in name and not self._has_path:
            return False
        return self.possibly(name if self._has_mark else name.partition(":")[0])
