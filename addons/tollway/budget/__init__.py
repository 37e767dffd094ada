"""What may be spent: buckets, what calls hold in them, and what is charged to them. Pure.

Why a hard limit is never overspent, and what that rests on:

1. A call under a hard limit leaves only after one transaction of the ledger added its bound to the holds of
   all its buckets, and found settled + held <= amount in each (`bucket.fits`, `ledger.holding`). All
   processes of a ledger write under one lock, so nobody comes in between: however many calls race, those
   admitted fit together.
2. The bound is the most that the call can be billed for: its usage by the bound table (`bound.table`: an
   allow-list, where what is not listed has no bound and is refused), at the dearest price that may apply to
   it (`prices.ceiling`). What is changed on the way makes it smaller (a clamp), or another call with a
   bound of its own in the target's buckets (a route).
3. The open row is the hold. It ends exactly once: by the row of the call's end, whose charge takes its
   place in the same transaction. A charge is what the provider reported, at its price; where nobody knows
   what was used (no usage came, the connection broke, our own code failed, the process died, the lease ran
   out), it is the bound. A call that never left, or that the provider refused without usage, is charged
   nothing. A later, better report replaces an earlier charge.
4. So settled + held <= amount stays true: a charge is at most its hold. If one ever exceeds it (a table
   that was wrong), the call is charged in full and flagged, an alert goes out, and calls of its kind are
   refused under hard limits until somebody accepts the new bound.
5. A call belongs to the calendar's window that it started in, until its end; to a rolling window from its
   hold on until the minute in which it ended has wholly left the window.

What is not claimed: that a provider's invoice agrees with what it reports; that its published prices, which
the tables hold with their versions, are those of a contract (`prices` in the policy are for that); calls
that do not pass through a Tollway of the same ledger and policy. After a loss of power, `durability:
process` may have lost the last half second of holds together with their calls' rows; `durability: power`
loses none. Lowering an amount, or adopting a new limit, does not undo what was spent: then settled + held
may stand above the amount, and no call is admitted until it does not.

Nobody is refused money that is there: a hold that does not fit is first made smaller by what earlier turns
of the conversation reported, then shrunk, waits for others to settle, or moves, as the limit says
(`admission`). What stays out of reach is what a bound overstates, which `scripts/chaos agents` measures: a
turn of an agent is held at some six times what it costs, since caches may have to be written anew, and what
is new may be a token a byte.
"""
