"""Words of the policy language that this version reads but does not keep yet."""

from pydantic import AfterValidator


def later(*values: str) -> AfterValidator:
    """Refuses values that this version can't keep its word on: to take them in silence would mislead."""

    def check(value: str | None) -> str | None:
        if value in values:
            raise ValueError(f"{value} comes with a later release")
        return value

    return AfterValidator(check)
