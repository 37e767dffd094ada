"""The files of callers by their keys' fingerprints that a policy names, read from the disk."""

from pathlib import Path

from tollway.policy.key_file import Owners, owners
from tollway.policy.schema import Policy
from tollway.policy_file import text_of


def paths(policy: Policy) -> tuple[Path, ...]:
    """Where they are."""
    return tuple(Path(source.api_keys.file) for source in policy.identity if source.api_keys is not None)


def read(policy: Policy) -> Owners:
    """What they say, by their paths. Raises PolicyError with all mistakes of the first that is wrong."""
    return {str(path): owners(text_of(path), str(path)) for path in paths(policy)}
