"""A proxy on this machine that leads to the company's, and shows it a token that is always fresh.

Tokens of an identity provider last for minutes; HTTPS_PROXY, once a program has read it, stays as it is. So
`tollway run --token-command` has the program go to a port of its own (`forwarder`), which passes each
connection on with a token that a command prints (`tollway.token_command`). Only the
program can use the port: it has a password that nobody else on the machine knows (`login`).
"""
