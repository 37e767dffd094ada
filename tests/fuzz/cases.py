"""What is thrown at the readers: golden bytes that something happened to, cut somewhere."""

from typing import NamedTuple

from hypothesis import strategies as st

from tests.fuzz.mutations import MUTATIONS, Mutation
from tests.golden.golden import Golden, golden_files

INFERENCE = tuple(golden for golden in golden_files() if golden.is_inference)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"content-type": "application/json"},
    {"content-type": "text/event-stream"},
    {"content-type": "application/x-ndjson"},
    {"content-type": "application/vnd.amazon.eventstream"},
    {"content-type": "text/html; charset=utf-8"},
    {"content-type": "audio/mpeg"},
    {"content-type": ""},
    {"content-type": "application/json", "x-amzn-bedrock-input-token-count": "-5", "x-amzn-errortype": "#:"},
    {"content-type": "application/json", "x-amzn-bedrock-output-token-count": "9" * 40},
)
"""What an answer may claim to be."""

numbers = st.integers(0, 2**20)
changes = st.lists(st.tuples(st.sampled_from(MUTATIONS), numbers, numbers), max_size=4)
cuts = st.lists(numbers, max_size=5)


class Case(NamedTuple):
    """A golden file, what happens to its bytes, and where they are cut."""

    golden: Golden
    changes: list[tuple[Mutation, int, int]]
    cuts: list[int]

    def __repr__(self) -> str:
        done = ", ".join(f"{mutation.__name__}({a}, {b})" for mutation, a, b in self.changes)
        return f"<{self.golden.name}: {done or 'unchanged'}; cut at {self.cuts}>"

    def changed(self, data: bytes) -> bytes:
        """The bytes, after all that happened to them."""
        for mutation, a, b in self.changes:
            data = mutation(data, a, b)
        return data

    def pieces(self, data: bytes) -> list[bytes]:
        """The bytes in pieces, some of them empty."""
        places = sorted(cut % (len(data) + 1) for cut in self.cuts)
        return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]


cases = st.builds(Case, st.sampled_from(INFERENCE), changes, cuts)
headers = st.none() | st.sampled_from(HEADERS)
"""None: those of the golden file."""
