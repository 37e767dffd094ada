-- What passes to AI services that Tollway does not read: a row for each caller's connections to a host, of each day.
CREATE TABLE tunnels (
    node            TEXT NOT NULL,                -- of a fleet, whose journal has it; '' this ledger's own
    day             TEXT NOT NULL,                -- in the policy's time zone: 2026-11-30
    host            TEXT NOT NULL,                -- as addons/tollway/discovery/services.yaml has it, or under that
    user            TEXT NOT NULL,                -- who called, as far as it was known at first; '' nobody knows
    team            TEXT NOT NULL,
    program         TEXT NOT NULL,
    client          TEXT NOT NULL,                -- its address
    connections     INTEGER NOT NULL,
    refused         INTEGER NOT NULL,             -- by faults: unmanaged: refuse; not among the connections
    sent_bytes      INTEGER NOT NULL,             -- from the client to the host, undecrypted
    received_bytes  INTEGER NOT NULL,
    first_us        INTEGER NOT NULL,
    last_us         INTEGER NOT NULL,
    UNIQUE (day, host, user, team, program, client, node)
) STRICT;
