"""A sound is as long as its file says, and rather too long where it does not say."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.sound_length import LEAST, SLOWEST, billed_seconds


def wav(samples: int, rate: int = 16_000, channels: int = 1, width: int = 2) -> bytes:
    """A file as Python's own writer makes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((channels, width, rate, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(samples * channels * width))
    return file.getvalue()


def flac(samples: int, rate: int = 44_100, size: int = 100_000) -> bytes:
    """The marker and the first block, its sizes left out; then what would be sound."""
    described = rate << 44 | 1 << 41 | 15 << 36 | samples
    return (b"fLaC\x80\x00\x00\x22" + bytes(10) + struct.pack(">Q", described) + bytes(16)).ljust(size, b"\0")


@given(st.integers(1, 200_000), st.sampled_from([8000, 16_000, 44_100]), st.integers(1, 2), st.integers(1, 3))
def test_a_wav_is_as_long_as_its_samples(samples: int, rate: int, channels: int, width: int) -> None:
    """A begun second counts."""
    assert billed_seconds(wav(samples, rate, channels, width)) == -(-samples // rate)


def test_other_chunks_of_a_wav_are_skipped() -> None:
    sound = wav(16_000 * 3)
    listed = sound[:36] + b"LIST" + struct.pack("<I", 5) + b"abcde\0" + sound[36:]

    assert billed_seconds(listed) == 3


def test_a_flac_says_its_samples() -> None:
    assert billed_seconds(flac(44_100 * 7)) == 7
    assert billed_seconds(flac(44_100 * 7 + 1)) == 8


@pytest.mark.parametrize(
    "sound",
    [
        b"",
        b"no sound",
        flac(0),
        flac(44_100 * 10_000_000),
        flac(44_100, rate=0),
        flac(44_100)[:20],
        wav(16_000)[:40] + bytes(4) + wav(16_000)[44:],
        wav(16_000)[:40] + bytes([255] * 4) + wav(16_000)[44:],
        wav(16_000)[:20],
        wav(16_000)[:12],
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 1000,
        b"RIFF\0\0\0\0WAVE" + b"data\xff\xff\0\0" + bytes(9000),
    ],
    ids=["empty", "text", "no samples", "too many samples", "no rate", "cut flac", "streamed", "streamed on",
        "cut wav", "head", "junk",
        "no format"],
)  # fmt: skip
def test_what_does_not_say_its_length_is_taken_to_be_coded_sparingly(sound: bytes) -> None:
    assert billed_seconds(sound) == -(-len(sound) // SLOWEST)


@pytest.mark.parametrize(
    "piece",
    [b"\xff", b"ID3\x04\0\0\0\0\0\0", b"\0\0\0\x08free", b"OggS" + bytes(23)],
    ids=["frames that are none", "tags of nothing", "boxes of nothing", "pages of nothing"],
)
def test_a_file_that_is_made_to_be_searched_is_not(piece: bytes) -> None:
    """Each piece would be a read of its own, 20 MB of them seconds: it is taken by its size."""
    sound = piece * (20 * 2**20 // len(piece))

    assert billed_seconds(sound) == -(-len(sound) // SLOWEST)


MARKS = [
    b"",
    b"RIFF\0\0\0\0WAVE",
    b"fLaC",
    b"OggS",
    b"\0\0\0\x20ftyp",
    b"\x1a\x45\xdf\xa3",
    b"ID3",
    b"\xff\xfb",
]


@given(st.sampled_from(MARKS), st.binary(max_size=400))
def test_no_bytes_make_it_raise_or_lie(mark: bytes, rest: bytes) -> None:
    """However long a file claims to be."""
    assert 0 <= billed_seconds(mark + rest) <= max(1, -(-len(mark + rest) // LEAST))
