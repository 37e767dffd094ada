"""The ledger of a fleet: rows in a journal of each process's own, buckets in Redis, for all of them.

A process's journal is a whole ledger in SQLite (`sqlite.SqliteLedger`) of its own calls. What its buckets
settle and hold is the process's part of the fleet's, which Redis keeps beside the parts of the others, with
their sum: so a part is told as it is, not as it changes, and to tell it again changes nothing
(a state-based counter: Shapiro et al., "Conflict-free Replicated Data Types", 2011). Only to admit a call
Redis is asked first.
"""
