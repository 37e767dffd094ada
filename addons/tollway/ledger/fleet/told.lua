-- Whether something is told for the first time: once, or once until a moment.
--
-- KEYS: what was told, a hash by name; until when, a sorted set of those that may be told again.
-- ARGV: name, at, until or '', the text, before when what may be told again is forgotten.

local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  local before = string.match(known, '^%d+ (%d*) ')
  if before == '' or tonumber(before) > tonumber(ARGV[2]) then
    return 0
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[5], 'LIMIT', 0, 100)) do
  redis.call('HDEL', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end
return 1
