from tollway.ledger.said_once import Told


def test_the_kind_comes_first_in_the_name() -> None:
    assert Told(name="unpriced 0f1e", at_us=0, text="x").kind == "unpriced"
    assert Told(name="look", at_us=0, text="x").kind == "look"
