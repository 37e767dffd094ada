"""What was found in one request, summed up while it is read."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Server:
    """A tool that the provider runs."""

    at: str
    """Its place in the request, for reasons."""
    name: str
    counts: str
    """The field of Usage that counts its calls; "" if they are not billed by the call."""
    cap: int | None
    """How often it may be called; None: its definition does not say."""
    inner: bool
    """Its results are part of the request already (a search among the request's own tools)."""
    loops: bool
    """It needs no cap: the dialect bounds how often it is called (`loop`)."""
    member: str = ""
    """The member of its definition that caps its calls; "" if it has none."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """Sums and findings. Filled by the nodes of a table (`node.Node`)."""

    tokens: int = 0
    """Of texts, definitions of tools and media, at most."""
    output: int = 0
    """Tokens that are billed as output though no answer writes them: rejected predictions."""
    answers: int = 1
    """How many answers are written: the largest of n, best_of ..."""
    images: int = 0
    cap: int | None = None
    """Calls of all the provider's tools together, where the request caps them."""
    servers: list[Server] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """What the model reads and the request does not hold, by its key."""
    refusals: list[str] = field(default_factory=list)
    """Why nothing bounds the request."""
    classes: set[str] = field(default_factory=set)
    """What was met: text, tools, images ..."""
    depth: int = 0
    """How many named nodes are being read, one within the other."""

    def believe_no_cap(self) -> None:
        """Of a provider that is not documented to keep to any."""
        self.cap = None
        for server in self.servers:
            server.cap = None

    def cap_at(self, calls: int, together: bool) -> None:
        """Where the request has no cap, one of so many calls; `together`: of all such tools."""
        if together and self.cap is None:
            self.cap = calls
        for server in self.servers:
            if server.member and server.cap is None:
                server.cap = calls
