-- What guardrails found in a call: its kind, its place, a keyed hash; never what it is.

ALTER TABLE calls ADD COLUMN findings TEXT;
