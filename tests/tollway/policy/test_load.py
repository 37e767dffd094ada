"""A policy's text -> the policy, or everything that is wrong with it."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.errors import Mistake, PolicyError
from tollway.policy.load import load, warnings
from tollway.policy.schema import Policy

BAD = Path(__file__).parents[2] / "data" / "policies" / "bad"


def mistakes(text: str) -> list[str]:
    """What is wrong with a text, a line each."""
    with pytest.raises(PolicyError) as caught:
        load(text, "p.yaml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_one_mistake_gives_one_exact_message(path: Path) -> None:
    """Each bad policy says in its first line what is to be said of it."""
    text = path.read_text("utf-8")
    expected = text.partition("\n")[0].removeprefix("# ")

    with pytest.raises(PolicyError) as caught:
        load(text, path.name)

    assert str(caught.value) == f"{path.name}:{expected}"


def test_all_mistakes_are_told_at_once_in_the_files_order() -> None:
    """A policy is mended in one go."""
    text = """\
faults:
  abandonned: close
  batch: never
prices:
  - {model: llama-4, input: cheap}
timezone: Berlin
providers:
  - {name: vllm}
"""

    assert [line.split(": ")[0] for line in mistakes(text)] == [
        "p.yaml:1:1", "p.yaml:2:3", "p.yaml:3:10", "p.yaml:5:29", "p.yaml:6:11", "p.yaml:8:5",
    ]  # fmt: skip


def test_what_sound_entries_say_of_each_other_is_told_beside_the_mistakes_of_others() -> None:
    """Not what only follows from those."""
    text = """\
version: 1
limits:
  - {name: a, amount: 5, window: day, then: [{route: c}]}
  - {name: b, amount: 5 USD, window: day, then: [{route: c}, {route: d}]}
  - {name: b, amount: 5 USD, window: day}
routes:
  c: [{from: gpt-5}]
credentials: {opnai: passthrough}
"""

    assert [line.split(": ")[:2] for line in mistakes(text)] == [
        ["p.yaml:3:23", "limits[0].amount"],
        ["p.yaml:4:70", "limits[1].then[1].route"],
        ["p.yaml:5:12", "limits[2].name"],
        ["p.yaml:7:7", "routes.c[0]"],
        ["p.yaml:8:22", "credentials.opnai"],
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "~\n"])
def test_an_empty_policy_says_what_the_smallest_is(text: str) -> None:
    """An empty file is a mistake, so that a cut-off one is not taken for a policy without limits."""
    assert mistakes(text) == ["p.yaml:1:1: is empty: the smallest policy is `version: 1`"]


def test_the_smallest_policy_is_all_defaults() -> None:
    """`version: 1` says nothing else."""
    assert load("version: 1", "p.yaml") == Policy(version=1)


def test_line_ends_of_windows_and_a_byte_order_mark_are_read() -> None:
    """What editors on Windows write is a policy."""
    assert load("\ufeffversion: 1\r\nfaults:\r\n  batch: allow\r\n", "p.yaml").faults.batch == "allow"


def test_rows_that_refer_to_nothing_are_mistakes_at_their_place() -> None:
    """The operator's rows are checked against the package's table, too."""
    text = """\
version: 1
providers:
  - name: one
    hosts: [one.example]
    serves: [{at: [/v1], set: nope}]
  - name: two
    hosts: ["two.{x}.example"]
"""

    found = mistakes(text)

    assert found[0].startswith("p.yaml:5:31: providers[0].serves[0].set: unknown set 'nope': there are ")
    assert found[1].startswith("p.yaml:7:13: providers[1].hosts[0]: host 'two.{x}.example': ")
    assert len(found) == 2


def test_keys_inside_a_mapping_of_paths_are_hinted_at() -> None:
    """The hint knows what a rule may say, through lists and mappings."""
    text = "version: 1\nproviders: [{name: x, hosts: [x.example], paths: {/v1: {operaton: chat}}}]\n"

    assert mistakes(text) == [
        "p.yaml:2:57: providers[0].paths./v1.operaton: unknown key; did you mean operation?"
    ]


def test_what_can_not_be_meant_is_warned_of_at_its_place_in_the_files_order() -> None:
    """The table of providers, and the policy's own rows, say which names and operations there are."""
    text = """\
version: 1
routes:
  economy: [{from: "gpt-5*", to: openai/gpt-4o-mini}]
providers:
  - {name: vllm, hosts: [vllm.example], paths: {/v1/rank: {operation: ranking}}}
limits:
  - {name: a, match: {provider: [vlm, olama]}, amount: 5 USD, window: day}
  - {name: b, match: {provider: vllm, operation: [ranking, chat]}, per: user, amount: 5 USD, window: day}
"""

    found = warnings(text, "p.yaml", date(2026, 11, 26))

    assert [f"{each.line}:{each.column}: {each.path}" for each in found] == [
        "3:12: routes.economy",
        "7:33: limits[0].match.provider",
        "8:73: limits[1].per",
    ]


def test_an_alias_bomb_is_refused_at_once() -> None:
    """Nine levels of ten aliases stand for a billion values."""
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    text = "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *levels])

    started = time.process_time()
    assert "too many values" in mistakes(text)[0]
    assert time.process_time() - started < 60


@given(
    st.dictionaries(
        st.sampled_from(
            ["version", "timezone", "faults", "providers", "prices", "limits", "routes", "credentials",
             "identity", "x"]
        ),
        st.recursive(
            st.sampled_from(
                ["1", "x", "UTC", "off", "~", "0.5", "'", "*a", "2026-01-01", "drain", "5%", "5 USD"]
            ),
            lambda inner: (
                st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
                | st.dictionaries(
                    st.sampled_from(
                        ["batch", "abandoned", "name", "hosts", "paths", "/v1", "model", "input", "amount",
                         "window", "match", "per", "then", "tag", "from", "to", "networks", "10.0.0.1/8", "a"]
                    ),
                    inner,
                    max_size=3,
                ).map(lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}")
            ),
            max_leaves=8,
        ),
    )
)  # fmt: skip
def test_any_policy_loads_or_is_refused_with_places(sections: dict[str, str]) -> None:
    """No text makes it raise anything else."""
    text = "".join(f"{key}: {value}\n" for key, value in sections.items())
    flaws: tuple[Mistake, ...] | None = None
    try:
        load(text, "p.yaml")
    except PolicyError as e:
        flaws = e.mistakes
    assert flaws is None or (flaws and all(flaw.line and flaw.column for flaw in flaws))
