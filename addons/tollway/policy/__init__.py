"""The policy language: what operators may write, and what is wrong with what they wrote. Pure."""
