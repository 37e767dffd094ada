"""The bill: what was called and what it cost, added up and shown. Pure."""
