"""The file of answers, in SQLite, beside the ledger's: its tables, and the connections to it.

It is a file of its own: it may be deleted at any time, and whoever may read the bill need not be able to read
what was said. What is known of an answer stands apart from its body, so that a hit need not write the body.
"""

from tollway.cache.fault import explain
from tollway.sidecar.file import SidecarFile

_TABLES = """CREATE TABLE answers (
    id         INTEGER PRIMARY KEY,
    key        BLOB NOT NULL UNIQUE,
    rule       TEXT NOT NULL,       -- the entry of the policy's `cache`
    scope      TEXT NOT NULL,
    provider   TEXT NOT NULL,
    model      TEXT,
    made_us    INTEGER NOT NULL,    -- microseconds since the epoch, UTC
    until_us   INTEGER NOT NULL,
    used_us    INTEGER NOT NULL,    -- when it was last given, or made
    hits       INTEGER NOT NULL,
    cost_nano  INTEGER NOT NULL,    -- of the call that was paid for, in 1e-9 USD
    size       INTEGER NOT NULL,    -- bytes, as it is kept
    head       BLOB NOT NULL,       -- msgpack: all else but the body
    checksum   INTEGER NOT NULL     -- CRC-32 of key, head and body, as they are kept
) STRICT;
CREATE INDEX answers_used ON answers (used_us);
CREATE INDEX answers_until ON answers (until_us);
CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TRIGGER answers_deleted AFTER DELETE ON answers BEGIN DELETE FROM bodies WHERE id = OLD.id; END;
"""

FILE = SidecarFile(
    suffix=".cache.db",
    application_id=0x746F6C63,  # "tolc"
    version=1,
    tables=_TABLES,
    explain=explain,
)
beside, connect, connect_to_read = FILE.beside, FILE.connect, FILE.connect_to_read
