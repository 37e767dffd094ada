-- What took longer than a day, by when it ended: batches, and calls of dead processes that were found days later. They
-- count in the rolling windows that they ended in.
CREATE INDEX calls_long ON calls (ended_us) WHERE ended_us - started_us > 86400000000;
