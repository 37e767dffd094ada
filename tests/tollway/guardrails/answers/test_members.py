"""Members by the type that they should have."""

from tollway.guardrails.answers.members import index, name_of, objects, without


def test_what_is_of_another_type_is_absent() -> None:
    """A stranger wrote it."""
    source = {"list": [1, {"a": 1}, None, {}], "n": 3, "flag": True, "text": "x", "empty": ""}

    assert [*objects(source, "list")] == [(1, {"a": 1}), (3, {})]
    assert [*objects(source, "n")] == [*objects(source, "none")] == []
    assert (index(source, "n"), index(source, "flag", 7), index(source)) == (3, 7, 0)
    assert (name_of(source, "text"), name_of(source, "empty"), name_of(source, "n")) == ("x", None, None)
    assert without(source, "list", "n", "other") == {"flag": True, "text": "x", "empty": ""}
