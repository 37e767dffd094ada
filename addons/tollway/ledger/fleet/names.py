"""What the keys in Redis are called: all of one organisation in one hash slot, as its scripts need them."""

from hashlib import blake2b

from tollway.budget.bucket import Bucket

MOST_KNOWN = 100_000
"""Names of buckets that are remembered; with more, it starts anew."""


class Names:
    """The keys of one organisation: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec
    has what the braces do."""

    def __init__(self, organisation: str) -> None:
        self._tag = f"{{tollway:{organisation}}}"
        self._known: dict[str, str] = {}
        self.meta, self.nodes, self.leases, self.awaited, self.buckets, self.log, self.tunnels = (
            self.named(name) for name in ("meta", "nodes", "leases", "awaited", "buckets", "log", "tunnels")
        )

    def named(self, name: str) -> str:
        """Another key."""
        return f"{self._tag}:{name}"

    def parts(self, node: str) -> str:
        """The set of buckets that a node has a part in."""
        return f"{self._tag}:parts:{node}"

    def bucket(self, bucket: Bucket) -> str:
        """One bucket's. What kind it is of is told by its beginning (`counts_at_once`)."""
        name = self._known.get(bucket.id)
        if name is None:
            kind = "window" if bucket.slides else "at-once" if bucket.at_once else "limit"
            digest = blake2b(bucket.id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            name = self._known[bucket.id] = f"{self._tag}:{kind}:{digest}"
        return name
