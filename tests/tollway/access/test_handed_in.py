"""Which models a batch may run."""

from tollway.access.handed_in import handed_in
from tollway.access.named import Named
from tollway.batches.weight import Weight
from tollway.model import Endpoint, Kind

CREATE = Endpoint(kind=Kind.UNKNOWN, provider="openai", host="h", operation="batch")


def test_those_that_its_requests_name() -> None:
    assert handed_in(CREATE, Weight(names=("a", "b"))) == Named(("a", "b"))


def test_that_of_its_path_too() -> None:
    endpoint = Endpoint(kind=Kind.UNKNOWN, provider="gemini", host="h", operation="batch", model="a")

    assert handed_in(endpoint, Weight(names=("b", "a"))) == Named(("a", "b"))


def test_where_some_were_not_read_there_may_be_others() -> None:
    found = handed_in(CREATE, Weight(names=("a",), untold="it is too long"))

    assert found.models == ("a",)
    assert found.unknown == ("nothing tells all models that its requests run: it is too long (faults: batch)")


def test_one_that_names_none_may_run_any() -> None:
    assert handed_in(CREATE, Weight(requests=1)).unknown is not None
