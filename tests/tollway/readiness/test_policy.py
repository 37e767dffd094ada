"""What is said of a policy."""

from tollway.readiness.check import Status
from tollway.readiness.policy import judge


def test_none_is_well_and_said() -> None:
    check = judge(None, is_good=True)

    assert (check.name, check.status) == ("policy", Status.OK)
    assert "nothing is limited" in check.reason


def test_one_that_is_in_force_is_named() -> None:
    assert judge("/p.yaml", is_good=True).reason == "/p.yaml is in force"


def test_a_reload_that_failed_is_odd_and_no_reason_to_send_calls_elsewhere() -> None:
    check = judge("/p.yaml", is_good=False)

    assert check.status is Status.WARN
    assert check.reason == "/p.yaml was not reloaded, the former policy stays in force: the log says why"
