"""The section `cache` of a policy."""

import pytest

from tests.tollway.policy.written import policy
from tollway.errors import PolicyError

DAY_US = 86_400_000_000


def test_nothing_is_cached_unless_a_policy_says_so() -> None:
    assert policy("").cache == ()
    assert policy("").cache_size == 1_000_000_000


def test_an_entry_has_to_say_for_how_long_and_is_for_every_call_of_one_user() -> None:
    (entry,) = policy("cache: [{ttl: 1d}]").cache

    assert (entry.name, entry.match, entry.ttl, entry.scope) == (None, {}, DAY_US, "user")
    assert (entry.max_size, entry.key.ignore) == (1_000_000, ())


def test_an_entry_says_of_which_calls_among_whom_and_what_tells_them_apart() -> None:
    text = (
        "{name: vectors, match: {operation: embeddings}, ttl: 30d, scope: company, max_size: 4 MB,"
        " key: {ignore: [metadata, output_config.trace]}}, {ttl: 10m, key: {ignore: seed}}"
    )

    entry, other = policy(f"cache: [{text}]\ncache_size: 20 GB").cache

    assert (entry.name, entry.scope, entry.max_size) == ("vectors", "company", 4_000_000)
    assert entry.match["operation"].values == ("embeddings",)
    assert entry.key.ignore == ("metadata", "output_config.trace")
    assert other.key.ignore == ("seed",)
    assert policy("cache_size: 500 MB").cache_size == 500_000_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cache: [{}]", "cache[0].ttl: "),
        ("cache: [{ttl: 30}]", "cache[0].ttl: write how long as 30d, 12h or 90m, 3660d at most"),
        ("cache: [{ttl: 0d}]", "cache[0].ttl: write how long"),
        ("cache: [{ttl: 9999d}]", "cache[0].ttl: write how long"),
        ("cache: [{ttl: 1d, scope: world}]", "cache[0].scope: must be user, team or company"),
        ("cache: [{ttl: 1d, max_size: 1 GB}]", "cache[0].max_size: write a size as 500 KB or 4 MB"),
        ("cache: [{ttl: 1d, key: {ignore: model}}]", "model always counts: another one has another answer"),
        ("cache: [{ttl: 1d, key: {ignore: [stream]}}]", "stream always counts"),
        ("cache: [{ttl: 1d, key: {ignore: [a..b]}}]", "write a member as metadata, or as metadata.trace"),
        (f"cache: [{{ttl: 1d, key: {{ignore: [{'a' * 201}]}}}}]", "write a member as metadata"),
        ("cache: [{ttl: 1d, key: {only: [a]}}]", "cache[0].key.only: unknown key"),
        ("cache: [{ttl: 1d, match: {users: a}}]", "calls have no attribute 'users': did you mean user?"),
        ("cache: [{ttl: 1d, match: {claim.x: a}}]", "cache[0].match.claim.x: no claim is called 'claim.x'"),
        (
            "cache: [{ttl: 1d, name: a}, {ttl: 1d, name: a}]",
            "cache[1].name: a stands twice: it is the name of cache[0], too",
        ),
        ("cache_size: 1 KB", "cache_size: write a size as 500 MB or 4 GB, 1000 GB at most"),
        ("cache_size: 5000 GB", "cache_size: write a size as 500 MB or 4 GB, 1000 GB at most"),
    ],
)
def test_what_an_entry_can_not_say_is_told(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(text)

    assert said in str(caught.value)


def test_what_is_wrong_with_one_entry_hides_nothing_of_the_others() -> None:
    with pytest.raises(PolicyError) as caught:
        policy("cache: [{ttl: soon}, {ttl: 1d, name: a}, {ttl: 1d, name: a}]")

    assert [mistake.path for mistake in caught.value.mistakes] == ["cache[0].ttl", "cache[2].name"]
