"""A month's statement: what a team, a user or everybody spent, as a value, and in each form."""
