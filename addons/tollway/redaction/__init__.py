"""Taking out of texts what looks like a credential, and what is known to be one. Pure."""
