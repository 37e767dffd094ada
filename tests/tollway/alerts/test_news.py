from tollway.alerts.alert import Kind
from tollway.alerts.news import known_as


def test_what_it_is_about_makes_the_name_and_is_not_in_it() -> None:
    """The same in every process; what is cut elsewhere is another thing."""
    name = known_as(Kind.UNPRICED, "openai", "gpt-9")

    assert name.startswith("unpriced ")
    assert name == known_as(Kind.UNPRICED, "openai", "gpt-9")
    assert "openai" not in name
    others = [
        known_as(Kind.UNMANAGED, "openai", "gpt-9"),
        known_as(Kind.UNPRICED, "openaig", "pt-9"),
        known_as(Kind.UNPRICED, "openai", None),
        known_as(Kind.UNPRICED, "openai", "\udcff"),
    ]
    assert len({name, *others}) == 5
