"""Plans: what providers say of how much is used of what a log-in may use. Pure, as `wire` is."""
