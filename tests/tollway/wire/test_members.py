"""Members are found where they are, and nowhere else."""

import pytest

from tollway.wire.members import elements, members


def found(body: bytes) -> list[tuple[str, bytes, bytes]]:
    return [(m.key, body[m.start : m.end], body[m.value : m.end]) for m in members(body)]


def test_each_member_is_found_with_its_place() -> None:
    body = b' {"a": {"b": [1, "}"]} ,\n"c\\"" : "x\\\\" , "\\u0061":-1.5e3,"t":true,"n":null}\r\n'

    assert found(body) == [
        ("a", b'"a": {"b": [1, "}"]}', b'{"b": [1, "}"]}'),
        ('c"', b'"c\\"" : "x\\\\"', b'"x\\\\"'),
        ("a", b'"\\u0061":-1.5e3', b"-1.5e3"),
        ("t", b'"t":true', b"true"),
        ("n", b'"n":null', b"null"),
    ]


@pytest.mark.parametrize("body", [b"{}", b" { \n } "])
def test_an_empty_object_has_none(body: bytes) -> None:
    assert found(body) == []


@pytest.mark.parametrize("depth", [1, 5, 6, 7, 8, 20, 10_000])
def test_nesting_of_any_depth_is_skipped(depth: int) -> None:
    value = b'[["]"],' * depth + b"{}" + b',"x"]' * depth

    assert found(b'{"a":' + value + b',"b":1}') == [
        ("a", b'"a":' + value, value),
        ("b", b'"b":1', b"1"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"{}"', b"{", b"}", b'{"a"', b'{"a":', b'{"a":}', b'{"a" 1}', b'{"a":1',
        b'{"a":1,}', b"{'a':1}", b"{a:1}", b'{"a":1}}', b'{"a":1} x', b'{} "', b'{"a":01}', b'{"a":nul}',
        b'{"a":"x}', b'{"a":[1}', b'{"a":[["x]', b'{"\\x":1}', b'{"a":1 "b":2}', b"\xef\xbb\xbf{}", b"\xff{}",
    ],
)  # fmt: skip
def test_what_is_no_object_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no JSON object|invalid"):
        found(body)


def test_nesting_beyond_all_measure_is_an_error() -> None:
    with pytest.raises(ValueError, match="nested more than"):
        found(b'{"a":' + b"[" * 1_000_000)


def test_a_body_that_is_cut_off_yields_its_whole_members_first() -> None:
    body = b'{"id":"x","n":12,"data":[[1,2],[3'

    reading = members(body)

    assert [next(reading).key, next(reading).key] == ["id", "n"]
    with pytest.raises(ValueError, match="cut off"):
        next(reading)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"[]", []),
        (b" [ \n ] ", []),
        (b'[1, "]", [2,[3]] ,{"a":"]"}]', [b"1", b'"]"', b"[2,[3]]", b'{"a":"]"}']),
        (b' [ "\\"]\\\\" ] ', [b'"\\"]\\\\"']),
    ],
)
def test_each_element_is_found_with_its_place(body: bytes, found: list[bytes]) -> None:
    assert [body[start:end] for start, end in elements(body)] == found


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[", b"[1", b"[1,]", b"[1 2]", b"[1]]", b"[}", b"[[1]", b"[] x"]
)
def test_what_is_no_array_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        list(elements(body))
