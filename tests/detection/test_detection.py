"""What the script measures, and that the bars are met."""

import subprocess
import sys
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from tests.detection.example import Example
from tests.detection.personal import changed, examples
from tests.detection.score import scored
from tests.detection.source import sources
from tests.detection.surroundings import SURROUNDINGS, Words, surrounded
from tollway.guardrails.found import Family, Found, Tier

ROOT = Path(__file__).parent.parent.parent


def detect(text: str) -> list[Found]:
    """Finds each `!`, and what is beside it on the right."""
    places = [at for at, char in enumerate(text) if char == "!"]
    return [Found(start=at, end=at + 2, kind="bang", family=Family.WORDS, tier=Tier.CERTAIN) for at in places]


def example(text: str, value: str, true: bool, kind: str = "bang") -> Example:
    """One of the kind."""
    return Example(kind, text, value, true, "English")


def test_a_value_is_found_if_all_of_it_is_covered() -> None:
    """Half of a key that leaves is a key that leaves."""
    found, half, none = example("a !b", "!b", True), example("a !bc", "!bc", True), example("a b", "b", True)

    score = scored([found, half, none], detect)["bang"]

    assert (score.true, score.found, score.recall) == (3, 1, 1 / 3)
    assert score.missed == [half, none]


def test_a_false_example_has_no_finding_of_its_kind() -> None:
    """One of another kind is not held against it."""
    wrong, right = example("a !b", "b", False), example("a b", "b", False)

    scores = scored([wrong, right, example("!b", "b", False, "other")], detect)

    assert (scores["bang"].false, scores["bang"].wrong, scores["bang"].mistaken) == (2, 1, [wrong])
    assert (scores["other"].false, scores["other"].wrong, scores["other"].recall) == (1, 0, 1.0)


@pytest.mark.parametrize("where", SURROUNDINGS)
def test_a_surrounding_holds_the_value_once(where: str) -> None:
    """With what it is called, in the surrounding's language."""
    text = surrounded(where, "VALUE", Words("en!", "de!", "fr!", "es!", "it!", "key!"))

    assert text.count("VALUE") == 1
    assert text.count("!") >= 1


def test_a_changed_value_has_one_digit_that_is_another() -> None:
    """And is as long."""
    chance = Random(1)
    for _ in range(50):
        value = changed("12-34", chance)

        assert sum(a != b for a, b in zip(value, "12-34", strict=True)) == 1
        assert value[2] == "-"


def test_the_same_seed_makes_the_same_examples() -> None:
    """So a figure can be had again."""
    first, again, other = (list(islice(examples(seed), 200)) for seed in (7, 7, 8))

    assert first == again
    assert first != other


def test_source_code_is_there_to_read() -> None:
    """The standard library's, not what is installed beside it."""
    assert "def loads(" in next(text for text in sources() if "JSONDecoder(" in text)


@pytest.mark.slow
def test_the_bars_are_met() -> None:
    """Recall of each kind with a checksum, and what is found in the standard library."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.detection", "personal"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'addons'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "| iban* | 1.000 |" in done.stdout
    assert ": met" in done.stdout


def test_an_unknown_family_is_said() -> None:
    """With those that there are."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.detection", "nothing"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'addons'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "nothing is called nothing: there are personal" in done.stderr
