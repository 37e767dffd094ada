-- What a node holds that was not heard of for a lease is charged: its calls may have cost as much. It is not heard any
-- more either, until it joins again and tells how it was. Calls at once are over. Of a window that rolls nobody lets its
-- part get less any more: it is noted when all of it will have left.
--
-- KEYS: nodes, leases, what leaves when; then some of the buckets that it has a part in. ARGV: node, now, '1' if these
-- are the last. Answers in how many it held something.

local node, held_in = ARGV[1], 0
local lease_us = redis.call('ZSCORE', KEYS[2], node)
if not lease_us or tonumber(lease_us) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('HDEL', KEYS[1], node)

local function rolls(key)
  local described = redis.call('HGET', key, 'd')
  local rolling_us = described and cjson.decode(described)[1].rolling_us
  return type(rolling_us) == 'number' and rolling_us
end

for place = 4, #KEYS do
  local key = KEYS[place]
  local held = redis.call('HGET', key, 'h:' .. node)
  if held and held ~= '0' then
    held_in = held_in + 1
    redis.call('HINCRBY', key, 'h', '-' .. held)
    if string.find(key, '}:limit:', 1, true) then
      redis.call('HINCRBY', key, 's', held)
      redis.call('HINCRBY', key, 's:' .. node, held)
    end
  end
  redis.call('HDEL', key, 'h:' .. node)
  local rolling_us = string.find(key, '}:limit:', 1, true) and rolls(key)
  if rolling_us then
    redis.call('ZADD', KEYS[3], string.format('%.0f', tonumber(lease_us) + rolling_us), node .. ' ' .. key)
  end
end
if ARGV[3] == '1' then
  redis.call('ZREM', KEYS[2], node)
end
return held_in
