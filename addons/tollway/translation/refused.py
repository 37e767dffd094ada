"""Why a request can't be translated, on its way from deep within the request to who asked for it."""

from collections.abc import Collection, Mapping
from typing import Any


class Refused(ValueError):
    """What has no counterpart, as a sentence that begins with where it stands."""


def check_members(where: str, source: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse what has a member that nothing here knows; null says nothing."""
    for key, value in source.items():
        if key not in known and value is not None:
            raise Refused(f"{where}{key}: OpenAI Chat has nothing like it")


def an_object(where: str, value: object) -> Mapping[str, Any]:
    """The value, if it is one."""
    if not isinstance(value, dict):
        raise Refused(f"{where}: it is no object")
    return value


def a_string(where: str, value: object) -> str:
    """The value, if it is one."""
    if not isinstance(value, str):
        raise Refused(f"{where}: it is no text")
    return value


def a_list(where: str, value: object) -> list[Any]:
    """The value, if it is one; null is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(f"{where}: it is no list")
    return value
