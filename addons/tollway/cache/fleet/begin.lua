-- The pieces of an answer begin to come; should their writer die, Redis forgets them.
-- KEYS: where to. ARGV: in how many milliseconds, the first field, what is in it.

redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
