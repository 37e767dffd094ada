"""Arguments that are a value: each string in it is a text."""

from tollway.guardrails.answers.arguments import arguments, results, strings
from tollway.guardrails.answers.channel import What


def test_each_string_is_a_whole_text_with_its_place() -> None:
    """In their order; keys, short numbers and empty ones are none."""
    value = {"a": "x", "b": [1, "y", {"c": "z"}], "d": "", "e": None}

    found = [*arguments(value, (0, "args"), ("p",), "tool")]

    assert [said.text for said in found] == ["x", "y", "z"]
    assert [said.path for said in found] == [("p", "a"), ("p", "b", 1), ("p", "b", 2, "c")]
    assert found[1].key == (0, "args", "b", 1)
    assert all(said.whole and not said.json and said.tool == "tool" for said in found)
    assert {said.what for said in found} == {What.ARGUMENTS}


def test_a_long_number_is_one_too() -> None:
    """A card's was none, where arguments came as a value."""
    found = [*strings([4929123456789012, -12345678, 1234567, 1e20, True], (0,), ("p",))]

    assert [(said.text, said.path) for said in found] == [
        ("4929123456789012", ("p", 0)),
        ("-12345678", ("p", 1)),
    ]


def test_a_string_is_the_text_of_a_document() -> None:
    """It grows, and escapes for JSON are the filter's affair."""
    (said,) = arguments('{"a', (0,), ("p",), None)

    assert (said.text, said.json, said.whole, said.path) == ('{"a', True, False, ("p",))
    assert [*arguments("", (0,), ("p",), None)] == [*arguments(None, (0,), ("p",), None)] == []


def test_results_are_texts_without_what_only_the_provider_reads() -> None:
    """Types, codes and files are none."""
    value = {
        "type": "result",
        "stdout": "x",
        "content": [{"type": "file", "data": "aGk="}, {"encrypted_content": "yy", "title": "z"}],
    }

    found = [*results(value, (0, "content"), ("p",))]

    assert [(said.what, said.text) for said in found] == [(What.TEXT, "x"), (What.TEXT, "z")]
    assert [said.text for said in results("x", (), ())] == ["x"]


def test_depth_costs_no_stack() -> None:
    """A value may be nested as deep as readers take it."""
    value: object = "x"
    for _ in range(5000):
        value = [value]

    assert [said.text for said in strings(value, (), ())] == ["x"]
