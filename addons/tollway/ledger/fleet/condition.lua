-- How things are, for who asks whether calls can be held: changes nothing.
--
-- KEYS: meta, awaited. ARGV: now (microseconds since the epoch).
-- Answers the server's own clock (microseconds since the epoch, -1 if it does not tell), how long hard limits are closed at
-- the most (microseconds; 0: they are open), how many nodes are waited for, as `is_open` of exchange.lua has it, and `evicts`.

local now = tonumber(ARGV[1])
-- TIME would need a right that users of a fleet were not given.
local clock = tonumber(string.match(redis.call('INFO', 'server'), 'server_time_usec:(%d+)') or '-1')
local found = redis.call('HMGET', KEYS[1], 'opens_us', 'closed_us')
local waiting = redis.call('SCARD', KEYS[2])
local opens, closed = tonumber(found[1] or '0'), tonumber(found[2] or '0')
local left = math.max(found[1] and 0 or 1, opens - now, waiting > 0 and closed - now or 0)
return {clock, left, waiting, evicts()}
