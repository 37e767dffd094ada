from pathlib import Path

from tollway.speaker import Speaker


def test_one_speaks_until_it_lets_go(tmp_path: Path) -> None:
    one, two = Speaker(tmp_path / "a"), Speaker(tmp_path / "a")

    assert [one.claims(), two.claims(), one.claims()] == [True, False, True]
    one.let_go()
    one.let_go()
    assert [two.claims(), one.claims()] == [True, False]
    two.let_go()


def test_where_no_file_can_be_made_each_speaks(tmp_path: Path) -> None:
    one, two = (Speaker(tmp_path / "no folder" / "a") for _ in range(2))

    assert one.claims()
    assert two.claims()
    one.let_go()
