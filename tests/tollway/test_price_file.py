"""Price lists as files."""

import stat
from pathlib import Path

import pytest

from tests.tollway.prices.calls import EACH, call
from tollway import price_file
from tollway.errors import PolicyError, TollwayError
from tollway.money import usd
from tollway.policy.load import load
from tollway.policy.schema import Policy

LIST = "version: 1\nprices:\n  - {model: gpt-5, input: 1, output: 2}\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


def written(folder: Path, text: str, name: str = "list.yaml") -> Path:
    """A file of this text."""
    path = folder / name
    path.write_text(text)
    return path


def mistakes(path: Path) -> list[str]:
    """What is wrong with a list that is to be installed, without its path."""
    with pytest.raises(PolicyError) as caught:
        price_file.install(path)
    return [str(mistake).removeprefix(f"{path}:") for mistake in caught.value.mistakes]


def price(policy: str) -> tuple[str, str]:
    """What a million tokens each way cost at gpt-5 under a policy, and by which price."""
    book = price_file.book(load(policy, "policy.yaml"))
    cost = book.price(call("openai", "gpt-5", **EACH))
    return usd(cost.nano), cost.price_version


def test_without_a_list_of_ones_own_the_built_in_prices_hold(home: Path) -> None:
    assert price_file.own() == ()
    assert price_file.layers(Policy(version=1)) == ()
    assert price("version: 1") == ("11.25", "genai-prices 0.2.3 openai/gpt-5")


def test_an_installed_list_stands_over_what_is_built_in(home: Path, tmp_path: Path) -> None:
    """And says so."""
    target = price_file.install(written(tmp_path, LIST))

    cost, version = price("version: 1")
    assert (target, target.read_text()) == (home / "prices.yaml", LIST)
    assert cost == "3"
    assert version.startswith("genai-prices 0.2.3+list:")
    assert version.endswith(" openai/gpt-5 list[0]")


def test_a_policys_prices_stand_over_the_list(home: Path, tmp_path: Path) -> None:
    """What it does not say is the list's: input 1; a discount of the policy's is on top of both."""
    price_file.install(written(tmp_path, LIST))

    cost, version = price("version: 1\nprices: [{model: gpt-5, output: 7}]")
    less, _ = price("version: 1\nprices: [{provider: openai, discount: 50%}]")

    assert (cost, less) == ("8", "1.5")
    assert version.endswith(" openai/gpt-5 list[0] prices[0]")
    assert "+list:" in version
    assert "+overrides:" in version


def test_it_is_its_owners_alone_and_replaced_at_once(home: Path, tmp_path: Path) -> None:
    """No other file is left beside it."""
    price_file.install(written(tmp_path, LIST))
    target = price_file.install(written(tmp_path, LIST.replace("gpt-5", "gpt-6-sol")))

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert [path.name for path in home.iterdir()] == ["prices.yaml"]
    assert price_file.own()[0].model == "gpt-6-sol"


def test_a_list_is_taken_away_once(home: Path, tmp_path: Path) -> None:
    price_file.install(written(tmp_path, LIST))

    assert [price_file.remove(), price_file.remove()] == [True, False]
    assert price_file.own() == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prices: []", "1:1: version: is missing: begin the file with `version: 1`"),
        (
            "version: 1\nprices:\n- {model: x, inptu: 1}",
            "3:14: prices[0].inptu: unknown key; did you mean input?",
        ),
        (
            "version: 1\nprices:\n  - {model: x, input: -1}",
            "3:23: prices[0].input: must be 0 or more, not -1",
        ),
        (
            "version: 1\nprices:\n- {model: x, same_as: a/b}",
            "3:23: prices[0].same_as: no price list knows 'a/b': ",
        ),
        ("version: 1\ntimezone: UTC\nprices: [{model: x, input: 1}]", "2:11: timezone: does not belong into"),
        ("version: 1", " prices: is missing: a list without prices sets none"),
        ("version: 1\nprices: [", "2:10: while parsing a flow node"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key_and_nothing_is_installed(
    home: Path, tmp_path: Path, text: str, expected: str
) -> None:
    [found] = mistakes(written(tmp_path, text))

    assert found.startswith(expected)
    assert not (home / "prices.yaml").exists()


def test_another_tools_list_is_refused_with_a_hint(home: Path, tmp_path: Path) -> None:
    assert mistakes(written(tmp_path, "[]", "data.json"))[0].startswith(" is JSON: write a price list as")


def test_a_file_that_is_not_there_is_named(home: Path, tmp_path: Path) -> None:
    assert mistakes(tmp_path / "none.yaml") == [" can't be read: No such file or directory"]


def test_an_installed_list_that_was_broken_since_stops_the_proxy_by_name(home: Path, tmp_path: Path) -> None:
    """Fail closed: other prices than the user's would be charged."""
    target = price_file.install(written(tmp_path, LIST))
    target.write_text("version: 1\nprices: [{model: x}]\n")

    with pytest.raises(PolicyError, match=r"prices\.yaml:2:10: prices\[0\]: say one thing"):
        price_file.book(Policy(version=1))


def test_a_folder_that_cannot_be_written_is_named(home: Path, tmp_path: Path) -> None:
    """A folder lies where the list would."""
    (home / "prices.yaml").mkdir(parents=True)

    with pytest.raises(TollwayError, match=r"prices\.yaml: .*; TOLLWAY_HOME=FOLDER names another folder"):
        price_file.install(written(tmp_path, LIST))
    with pytest.raises(TollwayError, match=r"prices\.yaml: "):
        price_file.remove()
