"""Who may ask."""

import pytest

from tollway.observe.loopback import is_for_this_machine, is_loopback


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("LOCALHOST", True),
        ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("example.com", False), ("", False),
        ("localhost.example.com", False), ("127.1", False),
    ],
)  # fmt: skip
def test_a_host_is_this_machine_if_it_can_be_reached_from_no_other(host: str, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours


@pytest.mark.parametrize(
    ("header", "is_ours"),
    [
        ("127.0.0.1:9464", True), ("localhost:9464", True), ("localhost", True), ("[::1]:9464", True),
        ("[::1]", True), ("::1", True), (" 127.0.0.1 ", True), ("evil.example:9464", False), ("", False),
        ("127.0.0.1.evil.example", False), ("[::1", True), ("10.0.0.1:9464", False),
    ],
)  # fmt: skip
def test_a_header_names_this_machine_with_or_without_a_port(header: str, is_ours: bool) -> None:
    assert is_for_this_machine(header) is is_ours
