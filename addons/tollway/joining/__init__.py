"""Identical calls in flight that share one answer: the first is asked of the provider, the others listen.

`Flying` knows the calls that may be joined, each by the place of its answer in the cache. `Shared` is the
answer of one as it comes, `Listener` who gets it as well: first what came already, then the rest as it comes.
`Replay` plays one that has been recorded.
"""
