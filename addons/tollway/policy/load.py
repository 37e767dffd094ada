"""A policy's text -> the policy, or everything that is wrong with it."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from pydantic import ValidationError

from tollway.errors import Mistake, PolicyError
from tollway.policy import reach
from tollway.policy.access_doubts import access_doubts
from tollway.policy.admins_doubts import admins_doubts
from tollway.policy.beside import FOLDER
from tollway.policy.cache_doubts import cache_doubts
from tollway.policy.credential_doubts import credential_doubts
from tollway.policy.dearer import dearer
from tollway.policy.document import Document, Malformed, Place, Way, read
from tollway.policy.doubtful import doubts, open_secrets
from tollway.policy.guardrail_doubts import guardrail_doubts
from tollway.policy.identity_doubts import identity_doubts
from tollway.policy.idle import idle
from tollway.policy.on_request_doubts import on_request_doubts
from tollway.policy.phrase import Flaw, phrases
from tollway.policy.rate_doubts import rate_doubts
from tollway.policy.reach import contradictions, undivided, unreachable
from tollway.policy.record_doubts import record_doubts
from tollway.policy.references import needs_providers, wrong
from tollway.policy.route_doubts import route_doubts
from tollway.policy.schema import Policy
from tollway.policy.sound_part import sound_part
from tollway.providers.load import ProviderError
from tollway.providers.load import load as load_providers


def load(text: str, name: str) -> Policy:
    """The policy that a text says. Raises PolicyError with every mistake; `name` is the file's name."""
    return _read(text, name)[0]


def placed(text: str, name: str) -> tuple[Policy, Mapping[Way, Place]]:
    """The same, with the line and column that each of its values begins at."""
    policy, document = _read(text, name)
    return policy, document.values


def warnings(text: str, name: str, today: date) -> tuple[Mistake, ...]:
    """What a sound policy says and can't be meant to. Raises PolicyError if it is not sound.

    `today`: in the policy's time zone or thereabouts.
    """
    policy, document = _read(text, name)
    found = [*contradictions(policy.limits), *open_secrets(policy.alerts)]
    found += [*identity_doubts(policy), *credential_doubts(policy)]
    for i, entry in enumerate(policy.limits):
        found += [
            (("limits", i, *way), why) for way, why in doubts(entry, document.value["limits"][i], today)
        ]
    rows = document.value.get("providers", ())
    found += unreachable(policy, _named(rows) if reach.needs_providers(policy) else {})
    found += undivided(policy)
    found += access_doubts(policy.access)
    found += [*on_request_doubts(policy), *admins_doubts(policy)]
    found += [*guardrail_doubts(policy), *record_doubts(policy), *cache_doubts(policy)]
    found += rate_doubts(policy, document)
    found += [*idle(policy), *route_doubts(policy), *dearer(policy, today)]
    return _mistakes(name, [Flaw(*_nearest(way, document), why) for way, why in found])


def _named(rows: list[dict[str, Any]]) -> dict[str, Collection[str]]:
    """What providers, the operator's included, and their operations are called."""
    registry = load_providers(rows)
    names = {provider.row.name for provider in registry.providers}
    return {"provider": names, "operation": registry.operations()}


def _read(text: str, name: str) -> tuple[Policy, Document]:
    try:
        document = read(text)
    except Malformed as e:
        raise error(name, [Flaw(*flaw) for flaw in e.flaws]) from None
    if document.value is None:
        raise error(name, [Flaw((1, 1), (), "is empty: the smallest policy is `version: 1`")])
    try:
        policy = Policy.model_validate(document.value, context={FOLDER: PurePath(name).parent})
    except ValidationError as e:
        flaws = phrases(e.errors(), document)
        raise error(name, [*flaws, *_of_the_rest(flaws, document)]) from None
    if flaws := _dangling(policy, document, document.value.get("providers", ())):
        raise error(name, flaws)
    return policy, document


def _of_the_rest(flaws: list[Flaw], document: Document) -> list[Flaw]:
    """What the entries say of each other that have no flaw of their own."""
    part = sound_part(document.value, [flaw.way for flaw in flaws])
    try:
        found = _dangling(Policy.model_validate(part), document, part.get("providers", ()))
    except ValidationError:  # a key that is wrong stays there: a route's name
        return []
    wrong = {flaw.way[:2] for flaw in flaws}
    return [flaw for flaw in found if flaw.way[:2] not in wrong]


def _dangling(policy: Policy, document: Document, rows: list[dict[str, Any]]) -> list[Flaw]:
    """What entries refer to and is not there: in the policy itself, and in Tollway's own table.

    `rows`: the operator's providers.
    """
    providers, of_customers, by_path = frozenset[str](), frozenset[str](), frozenset[str]()
    try:
        if rows or needs_providers(policy):
            registry = load_providers(rows)
            providers = frozenset(provider.row.name for provider in registry.providers)
            of_customers, by_path = registry.of_customers(), registry.by_path()
    except ProviderError as e:
        ways = [("providers", problem.row, *problem.key) for problem in e.problems]
        return [
            Flaw(document.values[way], way, problem.message)
            for way, problem in zip(ways, e.problems, strict=True)
        ]
    found = wrong(policy, sorted(providers), of_customers, by_path)
    return [Flaw(*_nearest(way, document), said) for way, said in found]


def _nearest(way: Way, document: Document) -> tuple[Place, Way]:
    """A way as the document has it: one entry may stand for a list of one."""
    there = tuple(
        part for i, part in enumerate(way) if not isinstance(part, int) or way[: i + 1] in document.values
    )
    return document.values[there], there


def error(name: str, flaws: list[Flaw]) -> PolicyError:
    return PolicyError(_mistakes(name, flaws))


def _mistakes(name: str, flaws: list[Flaw]) -> tuple[Mistake, ...]:
    """In the file's order."""
    flaws.sort(key=lambda flaw: flaw.place)
    return tuple(_mistake(name, flaw.place, flaw.way, flaw.message) for flaw in flaws)


def _mistake(name: str, place: Place, way: Way, message: str) -> Mistake:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way)
    return Mistake(name, *place, path.removeprefix("."), message)
