"""The AI services that Tollway does not read, by their hosts."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources

import msgspec
import yaml
from msgspec import Struct

from tollway.providers.hosts import normal

_NAME = re.compile(r"[a-z0-9_.-]{1,253}")


class ServiceKind(StrEnum):
    """What a service is for."""

    CHAT = "chat"
    API = "api"
    CODING = "coding"
    AGENTS = "agents"
    GATEWAY = "gateway"
    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    WRITING = "writing"
    VECTOR = "vector"
    OBSERVABILITY = "observability"


class Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of `services.yaml`."""

    name: str
    kind: ServiceKind
    hosts: tuple[str, ...]
    """Each stands for itself and for all names under it."""
    source: str
    """Who says so: a key of the file's `sources`."""


class Listed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`services.yaml`."""

    sources: Mapping[str, str]
    services: tuple[Service, ...]


class Found(Struct, frozen=True):
    """Whose a host is."""

    service: Service
    host: str
    """As it is kept: the name that was looked up, or where that is none that DNS could have, the entry."""
    entry: str
    """The host of the list that it is, or is under."""


class Services:
    """Looks hosts up."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._by_host = {comparable(host): service for service in services for host in service.hosts}

    def find(self, host: str) -> Found | None:
        """The service of a host, however it is written; None: it looks like none."""
        whole = name = comparable(host)
        while name:
            if (service := self._by_host.get(name)) is not None:
                return Found(service, whole if _NAME.fullmatch(whole) else name, name)
            name = name.partition(".")[2]
        return None


def comparable(host: str) -> str:
    """A host as lists of them have it: in lower case, without a trailing dot, as DNS has it (xn--...)."""
    name = normal(host)
    if name.isascii():
        return name
    try:
        return normal(name.encode("idna").decode("ascii"))
    except UnicodeError:  # no name at all: it is nobody's
        return name


@cache
def listed() -> Listed:
    """What the package's file says."""
    text = resources.files(__package__).joinpath("services.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), Listed)


@cache
def known_services() -> Services:
    """Those of the package's file, ready for look-ups."""
    return Services(listed().services)
