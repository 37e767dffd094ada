"""The dashboard uses metrics and labels that there are, and shows them all."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.tollway.observe.test_catalogue import documented
from tollway.observe.catalogue import FAMILIES, TAKEN_BACK, Type

DASHBOARD: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs" / "grafana.json").read_text("utf-8")
)
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel.get("targets", ())]
NAME = re.compile(r"\b(?:tollway|process)_\w+")
OF_PROMETHEUS = {"job", "instance", "le"}
"""Labels that Prometheus itself adds, or every histogram has."""


def shown(name: str, kind: str) -> set[str]:
    """The names under which Prometheus keeps a metric."""
    return {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}


def used(expression: str) -> Iterator[str]:
    """The names of metrics in an expression."""
    yield from NAME.findall(expression)


def test_it_uses_metrics_that_are_documented_and_no_others() -> None:
    there = {one for name, (kind, _) in documented().items() for one in shown(name, kind)}
    variables = [variable.get("definition", "") for variable in DASHBOARD["templating"]["list"]]

    names = {name for expression in [*EXPRESSIONS, *variables] for name in used(expression)}

    assert names
    assert names <= there


def test_it_shows_each_metric_of_ours() -> None:
    """But for what is taken back of tokens and units, which is rare."""
    names = {name for expression in EXPRESSIONS for name in used(expression)}
    rare = {family.name for family in TAKEN_BACK.values() if "cost" not in family.name}

    unseen = [family.name for family in FAMILIES if not shown(family.name, family.type) & names]

    assert set(unseen) <= rare


def test_it_asks_for_labels_that_the_metrics_have() -> None:
    """In what is selected, what is summed by, and what is written beside a line."""
    labels = {
        one: set(said) | OF_PROMETHEUS
        for name, (kind, said) in documented().items()
        for one in shown(name, kind)
    }
    for panel in PANELS:
        for target in panel.get("targets", ()):
            expression = target["expr"]
            known = set.union(*(labels[name] for name in used(expression)))
            asked = {
                *re.findall(r'(\w+)=~?"', expression),
                *(label for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(", ")),
            }
            assert asked <= known, expression
            kept = {label for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(", ")}
            summed = "sum" in expression or "max" in expression
            written = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            assert written <= (kept if summed else known), expression


def test_counters_are_asked_how_fast_they_grow_and_gauges_how_high_they_are() -> None:
    for expression in EXPRESSIONS:
        grows = re.findall(r"(?:rate|increase)\((\w+)", expression)
        for name in used(expression):
            kind = documented().get(name, ("histogram", ()))[0]
            assert (name in grows) == (kind != Type.GAUGE), expression


def test_parentheses_and_braces_are_closed() -> None:
    for expression in EXPRESSIONS:
        assert [expression.count(left) for left in "({["] == [expression.count(right) for right in ")}]"]


def test_no_panel_lies_on_another() -> None:
    taken = set[tuple[int, int]]()
    for panel in PANELS:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def test_whoever_imports_it_chooses_the_data_source() -> None:
    """It names none of ours."""
    sources = {json.dumps(panel["datasource"]) for panel in PANELS if "datasource" in panel}

    assert sources == {'{"type": "prometheus", "uid": "${datasource}"}'}
