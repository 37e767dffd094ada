"""The items of OpenAI's responses: their texts, each by the key that its pieces have, too."""

from collections.abc import Iterator

from tollway.guardrails.answers.arguments import arguments, results, strings
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.members import name_of, objects, without
from tollway.guardrails.answers.said import Message, Path, Said
from tollway.wire.counts import part

PARTS = {
    "input_text": ("text", "text", What.TEXT),
    "output_text": ("text", "text", What.TEXT),
    "refusal": ("refusal", "refusal", What.TEXT),
    "reasoning_text": ("reasoning", "text", What.THINKING),
    "summary_text": ("summary", "text", What.THINKING),
}
"""By a part's type: what its key has, the member with its text, and what that is."""
_LISTS = ("content", "summary")
_PLAIN = ("input", "code")
"""Members with what a tool is given that is no JSON."""
_VALUES = ("action", "operation")
"""Members with what a tool is given as a value."""
_RESULTS = ("output", "outputs", "error")
"""Members with what a tool of the provider's said."""


def item_texts(item: Message, number: int, path: Path) -> Iterator[Said]:
    """All of an item, each as a whole; it is the output's with this number."""
    for name in _LISTS:
        for n, one in objects(item, name):
            yield from part_text(one, number, n, (*path, name, n))
    tool = name_of(item)
    for said in arguments(item.get("arguments"), (number, "arguments", 0), (*path, "arguments"), tool):
        yield said._replace(whole=True)
    for name in _PLAIN:
        if text := name_of(item, name):
            yield Said((number, name, 0), What.ARGUMENTS, (*path, name), text, tool, whole=True)
    for name in _VALUES:
        yield from strings(without(part(item, name), "type"), (number, name), (*path, name), tool)
    for name in _RESULTS:
        yield from results(item.get(name), (number, name), (*path, name), tool)


def part_text(one: Message, number: int, place: int, path: Path) -> Iterator[Said]:
    """The text of a part of an item, as a whole."""
    kind = one.get("type")
    if isinstance(kind, str) and kind in PARTS:
        name, field, what = PARTS[kind]
        if text := name_of(one, field):
            yield Said((number, name, place), what, (*path, field), text, whole=True)
