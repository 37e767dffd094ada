-- Calls whose usage comes later, when somebody asks for it: batches, and answers that are made in the background.

ALTER TABLE calls ADD COLUMN awaited_us INTEGER;  -- until when its end is waited for, whoever lives; NULL: only as long as its process

-- What asks for a call's end goes by, whichever process sees it.
CREATE TABLE awaited (
    name   TEXT PRIMARY KEY NOT NULL,  -- the provider, and its id of the batch or of the answer
    call   TEXT NOT NULL,              -- the id of the call that asked for it
    at_us  INTEGER NOT NULL            -- when it was written: what is old is forgotten
) STRICT, WITHOUT ROWID;

-- What is known of files that were handed in, or are to be fetched.
CREATE TABLE notes (
    name   TEXT PRIMARY KEY NOT NULL,  -- the provider, and its id of the file
    note   TEXT NOT NULL,              -- counts, amounts and ids: nothing of what the file says
    at_us  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
