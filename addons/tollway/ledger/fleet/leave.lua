-- What a node that is gone had settled in a window that rolls has left it by now, unless the node has come back.
--
-- KEYS: nodes, what leaves when, the bucket. ARGV: node, the entry, now.

local due_us = redis.call('ZSCORE', KEYS[2], ARGV[2])
if not due_us or tonumber(due_us) >= tonumber(ARGV[3]) then
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[2])
local part = 's:' .. ARGV[1]
local settled = redis.call('HGET', KEYS[3], part)
if not settled or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return 0
end
redis.call('HINCRBY', KEYS[3], 's', '-' .. settled)
redis.call('HDEL', KEYS[3], part)
return 1
