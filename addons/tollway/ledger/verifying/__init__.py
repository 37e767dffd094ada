"""Whether a ledger says what it has to: sums that agree, rows that name what is there."""
