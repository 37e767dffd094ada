"""The pages of `tollway.internal`: pure functions from what is known to HTML and to JSON; `looks`
alone asks a ledger."""
