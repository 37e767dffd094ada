"""Several processes behind one port, and the one that supervises them.

The supervisor binds the sockets and starts the workers, which inherit them and accept from them; it never
touches a call. A socket that all inherit loses no connection when a worker dies: what the kernel has queued
is there for the next one, where with SO_REUSEPORT each worker has a queue of its own that dies with it.
"""
