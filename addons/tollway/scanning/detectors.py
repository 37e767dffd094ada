"""What finds what: the detectors of each family."""

from collections.abc import Callable, Collection, Mapping

from tollway.guardrails.found import Family
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.search import Detector
from tollway.scanning.engine import engine

MAKERS: Mapping[Family, Callable[[], Detector]] = {
    Family.SECRETS: lambda: engine().scan,
    Family.PERSONAL: lambda: personal,
}


def detectors(families: Collection[Family]) -> list[Detector]:
    """Those of the families, ready to search: an engine that has to be made is, which may take a second."""
    return [make() for family, make in MAKERS.items() if family in families]
