"""Who makes a call: from credentials, claims and addresses to names. Pure."""
