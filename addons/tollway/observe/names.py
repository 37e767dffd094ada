"""Names as labels: so many have a value of their own, and all others share one."""

OTHER = "other"
MOST = 200
"""Names with a value of their own."""
LONGEST = 120
"""Characters of such a name."""


class Names:
    """The first so many. A name has its value for good, so that nothing that was counted moves."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: set[tuple[str, ...]] = set()

    def label(self, *name: str, sound: bool = True) -> str:
        """The last part of the name, or `other`. `sound`: it may be given a value of its own: somebody else
        than its caller says that there is such a thing."""
        if name in self._known:
            return name[-1]
        if not sound or len(self._known) >= self._most or not _fits(name[-1]):
            return OTHER
        self._known.add(name)
        return name[-1]


def _fits(name: str) -> bool:
    return 0 < len(name) <= LONGEST and name.isprintable()
