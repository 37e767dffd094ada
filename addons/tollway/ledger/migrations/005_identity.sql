-- How the caller of a call is known.

ALTER TABLE calls ADD COLUMN identity TEXT;       -- the source: proxy_jwt, header_jwt, networks ...; NULL: nobody knows
ALTER TABLE calls ADD COLUMN verified INTEGER NOT NULL DEFAULT 0;  -- 1: somebody whom the operator trusts vouches for it
ALTER TABLE calls ADD COLUMN claims TEXT;         -- a JSON object: what else the policy's claims name; NULL: nothing
