"""What finds what: the detectors of each family."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from threading import Thread

from tollway.guardrails.found import Family
from tollway.guardrails.personal.detect import personal, warm
from tollway.guardrails.search import Detector
from tollway.scanning.engine import engine


def _personal() -> Detector:
    warm()
    return personal


MAKERS: Mapping[Family, Callable[[], Detector]] = {
    Family.SECRETS: lambda: engine().scan,
    Family.PERSONAL: _personal,
}


def detectors(families: Collection[Family]) -> list[Detector]:
    """Those of the families, ready to search: an engine that has to be made is, which may take a second."""
    return [make() for family, make in MAKERS.items() if family in families]


def begin(families: Collection[Family]) -> None:
    """Makes them on another thread, while a program does the rest of its start."""
    Thread(target=_ahead, args=(families,), name="detectors", daemon=True).start()


def _ahead(families: Collection[Family]) -> None:
    with suppress(Exception):  # who asks for them is told
        detectors(families)
