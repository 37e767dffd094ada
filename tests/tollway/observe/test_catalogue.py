"""The metrics, as `docs/metrics.md` tells them."""

import re
from pathlib import Path

from tollway.observe.catalogue import FAMILIES, TAKEN_BACK, Type, counter, gauge, seconds

TEXT = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", re.MULTILINE)


def documented() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By name: the type, and the labels."""
    return {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in ROW.findall(TEXT)}


def test_the_document_has_all_metrics_with_their_types_and_labels_and_no_others() -> None:
    found = {name: said for name, said in documented().items() if not name.startswith("process_")}

    assert found == {family.name: (family.type.value, family.labels) for family in FAMILIES}


def test_names_say_what_they_count() -> None:
    """Prometheus' own rules: a prefix, base units, `_total` for what only grows and for nothing else."""
    for family in FAMILIES:
        assert re.fullmatch(r"tollway_[a-z_]+", family.name)
        assert family.name.endswith("_total") == (family.type is Type.COUNTER)
        assert family.places == {"usd": 9, "seconds": 6}.get(unit(family.name), 0)


def unit(name: str) -> str:
    return name.removesuffix("_total").rpartition("_")[2]


def test_no_label_is_a_user() -> None:
    labels = {label for family in FAMILIES for label in family.labels}

    assert labels.isdisjoint({"user", "team", "client", "session", "program", "key", "call"})


def test_what_is_taken_back_has_the_labels_and_the_unit_of_what_was_counted() -> None:
    for family, back in TAKEN_BACK.items():
        assert (family.labels, family.places) == (back.labels, back.places)


def test_a_family_says_its_type_and_counts_whole_numbers() -> None:
    assert (counter("a_total", "A.", "x").labels, gauge("b", "B.").type) == (("x",), Type.GAUGE)
    assert seconds("c", "C.", ms=(1, 250)).bounds == (1_000, 250_000)
