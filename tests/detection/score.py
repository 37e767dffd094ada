"""How well a detector does on examples, by kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tests.detection.example import Example
from tollway.guardrails.found import Found


@dataclass
class Score:
    """Of one kind."""

    true: int = 0
    found: int = 0
    false: int = 0
    wrong: int = 0
    """Of the false examples, those with a finding."""
    missed: list[Example] = field(default_factory=list)
    mistaken: list[Example] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of the true examples that was found."""
        return self.found / self.true if self.true else 1.0


def scored(examples: Iterable[Example], detect: Callable[[str], list[Found]]) -> Mapping[str, Score]:
    """The scores. A value is found where a finding of its kind covers it."""
    scores: dict[str, Score] = {}
    for example in examples:
        score = scores.setdefault(example.kind, Score())
        found = [one for one in detect(example.text) if one.kind == example.kind]
        if example.true:
            score.true += 1
            start = example.text.index(example.value)
            end = start + len(example.value)
            if any(one.start <= start and one.end >= end for one in found):
                score.found += 1
            else:
                score.missed.append(example)
        else:
            score.false += 1
            if found:
                score.wrong += 1
                score.mistaken.append(example)
    return scores
