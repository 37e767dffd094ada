"""Which names an authority may speak for."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.ca.forgery import signed
from tollway.ca.constraints import (
    INTERNAL,
    WIDE,
    covering,
    extension,
    is_name,
    names_in,
    permitted_names,
)

label = st.from_regex(r"[a-z0-9_-]{1,8}", fullmatch=True).filter(lambda text: not text.isdigit())
names = st.lists(label, min_size=2, max_size=5).map(".".join).filter(lambda name: name not in WIDE)


@pytest.mark.parametrize(
    "host", ["api.openai.com", "x.api.openai.com", "us-east1-aiplatform.googleapis.com", "a_b.c", "4.example"]
)
def test_dns_names_of_two_labels_are_names(host: str) -> None:
    assert is_name(host)


@pytest.mark.parametrize(
    "host",
    ["", "vllm", "127.0.0.1", "1.2", "::1", "*.openai.com", "api.openai.com.", "API.openai.com",
     ".openai.com", "a..b", "a.b\n", "a.b/c", "x" * 64 + ".com", "a.b\0", "é.com",
     ".".join(["x" * 63] * 4) + ".com"],
)  # fmt: skip
def test_addresses_wildcards_and_bare_labels_are_not(host: str) -> None:
    assert not is_name(host)
    assert covering({host, "b", "com"}, host) is None


def test_a_permitted_name_covers_itself_and_what_lies_under_it() -> None:
    permitted = {"openai.azure.com", "api.openai.com"}

    assert covering(permitted, "acme.openai.azure.com") == "openai.azure.com"
    assert covering(permitted, "openai.azure.com") == "openai.azure.com"
    assert covering(permitted, "azure.com") is None
    assert covering(permitted, "notopenai.azure.com") is None
    assert covering(permitted, "api.openai.com.evil.example") is None


def test_names_are_lower_case_sorted_and_ours_is_among_them() -> None:
    assert permitted_names(["b.example", "A.example"]) == ("a.example", "b.example", INTERNAL)


def test_what_another_name_covers_is_left_out() -> None:
    assert permitted_names(["mtls.api.openai.com", "api.openai.com"]) == ("api.openai.com", INTERNAL)


def test_hosts_without_a_name_are_left_out() -> None:
    assert permitted_names(["127.0.0.1", "::1", "vllm", "10.0.0.1:8000"]) == (INTERNAL,)


@pytest.mark.parametrize("host", sorted(WIDE))
def test_a_whole_cloud_is_refused_by_name(host: str) -> None:
    with pytest.raises(ValueError, match=f"host '{host}' is too wide"):
        permitted_names(["api.openai.com", host.upper()])


@given(st.lists(names))
def test_every_host_is_covered_and_no_permitted_name_covers_another(hosts: list[str]) -> None:
    permitted = permitted_names(hosts)

    assert all(covering(set(permitted), host) for host in hosts)
    assert all(covering(set(permitted) - {name}, name) is None for name in permitted)


def test_the_extension_excludes_all_addresses() -> None:
    found = extension(["api.openai.com"])

    assert found.permitted_subtrees == [x509.DNSName("api.openai.com")]
    assert [str(tree.value) for tree in found.excluded_subtrees or ()] == ["0.0.0.0/0", "::/0"]


@pytest.mark.parametrize(("critical", "names"), [(True, ("api.openai.com",)), (False, ())])
def test_names_are_read_back_from_critical_constraints_only(critical: bool, names: tuple[str, ...]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    constraints = (extension(["api.openai.com"]), critical)

    certificate = signed("x", x509.Name([]), key, key, datetime(2026, 11, 23, tzinfo=UTC), constraints)

    assert names_in(certificate) == names


def test_a_certificate_without_constraints_has_no_names() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    certificate = signed("x", x509.Name([]), key, key, datetime(2026, 11, 23, tzinfo=UTC))

    assert names_in(certificate) == ()
