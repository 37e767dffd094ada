"""The answers of a fleet, in the Redis that has its limits.

An answer is one hash, which Redis forgets in time. Beside all of them is an index: when each was last
given, when it is over, what it is of, how often it was given, and what all of them take. Scripts change both
at once, so that there is no half answer, and none that the index does not know.

Nobody who asks for admission waits for an answer's bytes: they go over connections and through threads of
their own, and in pieces, since Redis does one thing at a time (a script that takes 8 MB holds up all others
for 75 ms).
"""
