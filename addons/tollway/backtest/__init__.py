"""What a policy would have done to the calls of a ledger: a replay, in time order. Pure.

A policy is compiled by the classes that the proxy compiles it by (`policy.limits`, `access.rules`,
`policy.caching`), its buckets say whether a call fits as the store's do (`budget.bucket`, `budget.room`,
`budget.sliding`), routes lead where they lead calls (`routing.resolve`), and prices are the price book's.
What is done here alone is what a store and an event loop do otherwise: balances are kept in memory (`purse`),
and time is that of the rows (`replay`).

How a row counts:

- It comes at its start and ends at its end. In between hard limits hold its recorded bound, where a hard
  limit had one made, else what it came to; other limits, which live by estimates, hold what it came to. At
  its end it is charged what it came to; one that never ended holds on. The bound of a stream is the one that
  it had at the end, lowered by what the provider told.
- A call that was refused then is an attempt, too: it is asked of this policy as any other. Its bound is known
  if a hard limit refused it. If it is admitted it is charged nothing, since nobody knows what it would have
  cost; such calls are counted. One that was refused for what a row does not have (a guardrail, an unknown
  caller, a body that is not what its path takes, a fault of ours) stays refused.
- A call that a route moved then comes as its client sent it, priced at the model that was asked for, where it
  is known who serves that; else it stays where it went. One that was clamped holds what it would have held
  unclamped; one that took the place of a failed attempt stays as it is.
- What the cache answered is a hit still where this policy caches such calls, else it costs what it saved.
- Calls that `tollway ledger prune` has merged into one row count as they are recorded, and are asked nothing.
- Calls from before the span count in the windows that it begins in, as they are recorded: as when a policy is
  put in force.

`unknown` lists what no replay can know.
"""
