"""What a bundle is made of, and how it says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.ca.recipe import Recipe, origin

recipes = st.builds(Recipe, st.booleans(), st.lists(st.text()).map(tuple))


@given(recipes)
def test_a_file_says_what_it_was_made_of(recipe: Recipe) -> None:
    assert origin(recipe.header() + b"-----BEGIN CERTIFICATE-----\n") == recipe


@given(recipes, recipes)
def test_two_recipes_never_share_a_file(one: Recipe, other: Recipe) -> None:
    assert (one == other) == (one.filename() == other.filename())


@pytest.mark.parametrize(
    "data", [b"", b"-----BEGIN CERTIFICATE-----\n", b"# tollway: {\n", b"# tollway: 1\n", b"# tollway: []\n"]
)
def test_other_files_say_nothing(data: bytes) -> None:
    assert origin(data) is None


def test_the_common_files_have_names_for_people() -> None:
    assert Recipe(True).filename() == "bundle.pem"
    assert Recipe(False).filename() == "tollway-ca.pem"
