"""A policy's text -> the policy, or everything that is wrong with it."""

from typing import Any

from pydantic import ValidationError

from tollway.errors import Mistake, PolicyError
from tollway.policy.document import Document, Malformed, Place, Way, read
from tollway.policy.phrase import Flaw, phrase
from tollway.policy.schema import Policy
from tollway.providers.load import ProviderError
from tollway.providers.load import load as load_providers


def load(text: str, name: str) -> Policy:
    """The policy that a text says. Raises PolicyError with every mistake; `name` is the file's name."""
    try:
        document = read(text)
    except Malformed as e:
        raise _error(name, [Flaw(*flaw) for flaw in e.flaws]) from None
    if document.value is None:
        raise _error(name, [Flaw((1, 1), (), "is empty: the smallest policy is `version: 1`")])
    try:
        policy = Policy.model_validate(document.value)
    except ValidationError as e:
        raise _error(name, [phrase(error, document) for error in e.errors()]) from None
    if flaws := _dangling(document):
        raise _error(name, flaws)
    return policy


def _dangling(document: Document) -> list[Flaw]:
    """What the operator's providers refer to and Tollway's own table does not have."""
    rows: list[dict[str, Any]] = document.value.get("providers", ())
    try:
        if rows:
            load_providers(rows)
    except ProviderError as e:
        ways = [("providers", problem.row, *problem.key) for problem in e.problems]
        return [
            Flaw(document.values[way], way, problem.message)
            for way, problem in zip(ways, e.problems, strict=True)
        ]
    return []


def _error(name: str, flaws: list[Flaw]) -> PolicyError:
    flaws.sort(key=lambda flaw: flaw.place)
    return PolicyError([_mistake(name, flaw.place, flaw.way, flaw.message) for flaw in flaws])


def _mistake(name: str, place: Place, way: Way, message: str) -> Mistake:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way)
    return Mistake(name, *place, path.removeprefix("."), message)
