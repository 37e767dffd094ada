"""What a report may group by."""

import pytest

from tollway.ledger.attributes import COLUMNS, PERIODS, check, expression, only


@pytest.mark.parametrize("name", [*COLUMNS, *PERIODS, "tag.project", "tag.a-b_c.1"])
def test_attributes_are_known(name: str) -> None:
    """By their own names."""
    assert check(name) == name


@pytest.mark.parametrize("name", ["tag.", "tag.A", "tag.x'", 'tag.x"', "tag." + "x" * 33, "", "id; --"])
def test_what_is_no_attribute_never_gets_into_sql(name: str) -> None:
    """Neither is there such a thing, nor an expression for it."""
    with pytest.raises(ValueError, match="nothing is called"):
        check(name)
    with pytest.raises(ValueError, match="is no attribute"):
        expression(name)


def test_a_slip_gets_a_hint() -> None:
    """The nearest name, or all."""
    with pytest.raises(ValueError, match=r"nothing is called 'modle': did you mean model\?"):
        check("modle")
    with pytest.raises(ValueError, match=r"there are hour, day, .*, tag\.KEY and claim\.NAME"):
        check("zzz")


def test_values_are_parameters() -> None:
    """A value is nothing that SQL reads."""
    assert only([("team", "'; DROP"), ("tag.a-b", None)]) == (
        """ AND team IS ? AND json_extract(tags, '$."a-b"') IS ?"""
    )
    assert only(()) == ""
