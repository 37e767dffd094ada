"""Price lists as files: the user's own in the data folder, and those that a command names.

A price list is a policy that says nothing but `version: 1` and `prices:`, so what reads and checks the one
reads and checks the other. The user's own stands between what is built in and the policy's prices.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tollway import paths
from tollway.errors import Mistake, PolicyError, TollwayError
from tollway.policy.document import read as read_document
from tollway.policy.load import load
from tollway.policy.schema import Policy
from tollway.policy_file import read_policy, text_of
from tollway.prices.book import PriceBook
from tollway.prices.overrides import Override
from tollway.prices.resolve import layered, unknown_targets
from tollway.prices.terms import Layer
from tollway.private_file import fresh_file

_KEYS = frozenset({"version", "prices"})
_JSON = (
    "is JSON: write a price list as a policy's `prices:`, in YAML; what genai-prices knows comes with its "
    "package: pip install --upgrade genai-prices"
)


def own_path() -> Path:
    """Where the user's own list is, if there is one."""
    return paths.data_dir() / "prices.yaml"


def own() -> tuple[Override, ...]:
    """The user's own list; nothing if there is none. Raises PolicyError if it can't be used."""
    path = own_path()
    return read_policy(path).prices if path.exists() else ()


def layers(policy: Policy) -> tuple[Layer, ...]:
    """What stands over the built-in prices. Raises PolicyError."""
    return layered([("list", own()), ("prices", policy.prices)])


def book(policy: Policy) -> PriceBook:
    """The prices that hold under a policy. Raises PolicyError."""
    return PriceBook(policy.prices, own())


def read(path: Path) -> tuple[Override, ...]:
    """The prices of a list or a policy; every `same_as` of them is known. Raises PolicyError."""
    if path.suffix.lower() == ".json":
        raise PolicyError([Mistake(str(path), None, None, "", _JSON)])
    text = text_of(path)
    policy = load(text, str(path))
    _raise_if_any(path, text, [("prices", n, "same_as", said) for n, said in unknown_targets(policy.prices)])
    return policy.prices


def install(path: Path) -> Path:
    """Make this file the user's own list, at once and for its owner alone.

    Raises PolicyError, TollwayError.
    """
    prices, text = read(path), text_of(path)
    beside = load(text, str(path)).model_fields_set - _KEYS
    said = "does not belong into a price list, which has `version` and `prices` alone"
    _raise_if_any(path, text, [(key, said) for key in beside])
    if not prices:
        raise PolicyError(
            [Mistake(str(path), None, None, "prices", "is missing: a list without prices sets none")]
        )
    target = own_path()
    paths.make_dir(target.parent)
    with _spoken(target), fresh_file(target.parent, text.encode()) as fresh:
        os.replace(fresh, target)
    return target


def remove() -> bool:
    """Take the user's own list away; False if there was none. Raises TollwayError."""
    path = own_path()
    with _spoken(path):
        there = path.exists()
        path.unlink(missing_ok=True)
    return there


def _raise_if_any(path: Path, text: str, flaws: Sequence[tuple[str | int, ...]]) -> None:
    """Raise a PolicyError of flaws, each the way to a value with what is wrong at its end."""
    if not flaws:
        return
    document = read_document(text)
    mistakes = []
    for *way, said in flaws:
        line, column = document.values[tuple(way)]
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in way)
        mistakes.append(Mistake(str(path), line, column, name.removeprefix("."), str(said)))
    raise PolicyError(sorted(mistakes, key=lambda mistake: mistake.line or 0))


@contextmanager
def _spoken(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TollwayError(f"{path}: {error.strerror}; TOLLWAY_HOME=FOLDER names another folder") from None
