"""The bound table (DESIGN section 7): what a request can cost at most, and why. Pure."""
