"""Who may call what: the rules of a policy's `access`, held against a call before it leaves. Pure.

A rule is about a call if its conditions are met. Deny wins over allow, so order plays no part. What nobody
knows (which model a name stands for, the groups of a caller in too many of them) counts against the caller:
a deny rule that may be about the call is, an allow rule that may be is not.
"""
