"""What goes wrong for a reason that the user can mend."""

from tollway.errors import Mistake, PolicyError, TollwayError


def test_a_mistake_is_a_line_that_editors_follow() -> None:
    """`file:line:column: path: message`, as far as each is known."""
    assert (
        str(Mistake("p.yaml", 3, 5, "faults.batch", "stands twice"))
        == "p.yaml:3:5: faults.batch: stands twice"
    )
    assert str(Mistake("p.yaml", 1, 1, "", "is empty")) == "p.yaml:1:1: is empty"
    assert str(Mistake("p.yaml", None, None, "", "can't be read")) == "p.yaml: can't be read"


def test_a_policy_error_is_its_mistakes_a_line_each() -> None:
    """And wrong use: the command ends with 2, others with 1."""
    error = PolicyError([Mistake("p", 1, 1, "a", "x"), Mistake("p", 2, 1, "b", "y")])

    assert str(error) == "p:1:1: a: x\np:2:1: b: y"
    assert (error.status, TollwayError("z").status) == (2, 1)
