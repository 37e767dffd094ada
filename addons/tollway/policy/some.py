"""Lists of a policy that have something in them."""


def some[T](values: tuple[T, ...]) -> tuple[T, ...]:
    """The values. Raises ValueError if there are none: pydantic's own check counts those that are wrong as
    missing, too."""
    if not values:
        raise ValueError("must not be empty")
    return values
