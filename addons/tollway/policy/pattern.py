"""What a limit's `match` says of one attribute: values, patterns (`*`, `?`), or what it must not be."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from fnmatch import translate
from typing import Annotated, Any

from msgspec import Struct
from pydantic import AfterValidator, BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from tollway.budget.attributes import NAMES, UNKNOWN_GROUPS, Value

FORM = "text, a list of texts, or {not: text or list}"
LONGEST = 256
_TAG = re.compile(r"tag\.[a-z0-9_.-]{1,32}|claim\.[a-z][a-z0-9_]{0,31}")
_WILD = re.compile(r"[*?]")
_FOREIGN = re.compile(r"[|^$\\{}]|^!|^/.*/$")


class Condition(Struct, frozen=True):
    """The values that an attribute may have, or those that it must not have."""

    values: tuple[str, ...]
    """Texts or patterns, sorted, each once; never empty."""
    negated: bool = False


def parse(value: Any) -> Condition:
    """The condition that a value says. Raises ValueError."""
    if isinstance(value, Condition):
        return value
    negated = isinstance(value, Mapping) and set(value) == {"not"}
    said = value["not"] if negated else value
    texts = [said] if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"must be {FORM} (numbers and the like in quotes)")
    if not texts:
        raise ValueError("an empty list matches nothing: leave the attribute out")
    if not all(0 < len(text) <= LONGEST for text in texts):
        raise ValueError(f"a value has 1 to {LONGEST} characters")
    return Condition(tuple(sorted(set(texts))), negated)


def written(condition: Condition) -> list[str] | dict[str, list[str]]:
    """A condition as a policy says it."""
    values = list(condition.values)
    return {"not": values} if condition.negated else values


def is_foreign(text: str) -> bool:
    """Whether a text may be meant as a pattern of another kind: a regular expression, a `!` for not."""
    return _FOREIGN.search(text) is not None


def is_pattern(text: str) -> bool:
    """Whether a text stands for more than itself."""
    return _WILD.search(text) is not None


def covers(text: str, other: str) -> bool:
    """Whether a text or pattern means all that the other means: False where that is not certain.

    What is wild in the other is taken for a character of its own, which only as much can stand for.
    """
    wild = {"*": "(?s:.*)", "?": r"[^*]"}
    return re.fullmatch("".join(wild.get(char) or re.escape(char) for char in text), other) is not None


def folded(name: str, text: str) -> str:
    """The form in which an attribute's values are compared, and kept apart.

    Names of models are compared without regard to case, as in prices: some hosts take them in any. All else
    is compared as it is written.
    """
    return text.lower() if name == "model" else text


def matcher(name: str, text: str) -> Callable[[str], object]:
    """Says whether a folded value is what a text or pattern of a condition means."""
    text = folded(name, text)
    if not is_pattern(text):
        return text.__eq__
    return re.compile(translate(text.replace("[", "[[]"))).match


def tester(name: str, condition: Condition) -> Callable[[Value], bool]:
    """Says whether an attribute's value meets a condition; of several values one is enough.

    What is absent meets no condition but a negated one: `{not: "*"}` means that there is none.
    """
    plain = frozenset(folded(name, text) for text in condition.values if not is_pattern(text))
    patterns = tuple(matcher(name, text) for text in condition.values if is_pattern(text))
    negated = condition.negated

    def meets(value: Value) -> bool:
        if value == UNKNOWN_GROUPS:  # any may be among them, and any may not
            return True
        for one in values(name, value):
            if one in plain or any(matches(one) for matches in patterns):
                return not negated
        return negated

    return meets


def values(name: str, value: Value) -> tuple[str, ...]:
    """All folded values that an attribute has; none where it is absent."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value.lower(),) if name == "model" else (value,)
    return value


def check_attribute(name: str) -> str:
    """The name of an attribute. Raises ValueError if there is none of that name."""
    if name in NAMES or _TAG.fullmatch(name):
        return name
    if name.startswith("claim."):
        raise ValueError(f"write a claim's name in a-z, 0-9 and _, as claim.cost_center, not {name[:64]!r}")
    if name.startswith("tag."):
        raise ValueError(
            f"write a tag's key in a-z, 0-9, _ . and -, 32 at most, as tag.project, not {name[:64]!r}"
        )
    near = get_close_matches(name, (*NAMES, "tag.KEY", "claim.NAME"), n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}, tag.KEY and claim.NAME"
    raise ValueError(f"calls have no attribute {name!r}: {hint}")


AttributeName = Annotated[str, AfterValidator(check_attribute)]
_TEXTS: dict[str, Any] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
ConditionText = Annotated[
    InstanceOf[Condition],
    BeforeValidator(parse),
    PlainSerializer(written),
    WithJsonSchema(
        {
            "anyOf": [
                *_TEXTS["anyOf"],
                {
                    "type": "object",
                    "properties": {"not": _TEXTS},
                    "required": ["not"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
"""A field of a policy that holds a condition."""
