"""The file of texts, in SQLite, beside the ledger's: its tables, and the connections to it.

It is a file of its own, so that whoever may read the bill need not be able to read what was said, and so that
it can be deleted, or left out of a backup, alone.
"""

from tollway.sidecar.file import SidecarFile
from tollway.texts.fault import explain

_TABLES = """CREATE TABLE texts (
    id          INTEGER PRIMARY KEY,
    call        TEXT NOT NULL,       -- the ledger's id
    part        TEXT NOT NULL CHECK (part IN ('request', 'response')),
    rule        TEXT NOT NULL,       -- the entry of the policy's `record`
    kept_us     INTEGER NOT NULL,    -- microseconds since the epoch, UTC
    until_us    INTEGER NOT NULL,    -- when it is deleted
    dialect     TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    size        INTEGER NOT NULL,    -- bytes of the text as it came by
    whole       INTEGER NOT NULL CHECK (whole IN (0, 1)),
    why_not     TEXT,                -- why there is no body
    coding      TEXT CHECK (coding IN ('zlib')),
    body        BLOB,
    UNIQUE (call, part)
) STRICT;
CREATE INDEX texts_until ON texts (until_us) WHERE body IS NOT NULL;
"""

FILE = SidecarFile(
    suffix=".texts.db",
    application_id=0x746F6C74,  # "tolt"
    version=1,
    tables=_TABLES,
    explain=explain,
)
beside, connect, connect_to_read = FILE.beside, FILE.connect, FILE.connect_to_read
