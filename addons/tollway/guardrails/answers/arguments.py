"""What a tool is called with, where that is a value of JSON: each string in it is a text of its own."""

from collections.abc import Iterator

from tollway.guardrails.answers.channel import Key, What
from tollway.guardrails.answers.said import Path, Said
from tollway.guardrails.inside import FILES, OPAQUE

_LONG = 10**7
"""A number that may say something: a card's, say."""
_MARKS = OPAQUE | FILES | {"type"}


def arguments(value: object, key: Key, path: Path, tool: str | None) -> Iterator[Said]:
    """The texts of the value at this path of a message; keys are none. A string is JSON, written in one."""
    if isinstance(value, str):
        if value:
            yield Said(key, What.ARGUMENTS, path, value, tool, json=True)
    else:
        yield from strings(value, key, path, tool)


def results(value: object, key: Key, path: Path, tool: str | None = None) -> Iterator[Said]:
    """The texts of what a tool of the provider's said, without what only the provider reads."""
    for said in strings(value, key, path, tool):
        if _MARKS.isdisjoint(said.path[len(path) :]):
            yield said._replace(what=What.TEXT)


def strings(value: object, key: Key, path: Path, tool: str | None = None) -> Iterator[Said]:
    """The strings of a value, and its long numbers, each as a whole, in their order."""
    stack: list[tuple[object, Path]] = [(value, ())]
    while stack:
        value, within = stack.pop()
        if type(value) is int and abs(value) >= _LONG:
            value = str(value)
        if isinstance(value, str):
            if value:
                yield Said(key + within, What.ARGUMENTS, path + within, value, tool, whole=True)
        elif isinstance(value, dict):
            stack += reversed([(inner, (*within, name)) for name, inner in value.items()])
        elif isinstance(value, list):
            stack += reversed([(inner, (*within, n)) for n, inner in enumerate(value)])
